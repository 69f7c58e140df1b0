"""The user's command, as the user meets it: in a clone where no more is built than the index.

The encoder and the index take more than a minute, and a clean checkout builds them before its
tests begin, by the same command; here they are brought along.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.settings import ROOT
from commands.servers import free_port
from tests.client import Visitor
from tests.spans import misquoted

pytestmark = pytest.mark.clone

_START_SECONDS = 900


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of what is committed, with what is built of the articles."""
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    for built in ("encoder", "editions"):
        shutil.copytree(ROOT / "models" / built, folder / "models" / built)
    return folder


def _heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def running(clone: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """`make run` in the clone, until it says that it is ready."""
    port = free_port()
    ports = {"PORT": str(port), "ACTIONS_PORT": str(free_port())}
    # Nothing of this environment may help: not its interpreter, not its settings.
    outside = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "STATE_DIR", "MODELS_DIR")
    }
    log = clone.parent / "make-run.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env={**outside, **ports},
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,
            # As a terminal's shell starts it; in the background of a script Ctrl-C is ignored.
            preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 - a call and no locks
        )
    try:
        until = time.monotonic() + _START_SECONDS
        while "Ready" not in log.read_text("utf-8"):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.5)
        yield process, f"http://127.0.0.1:{port}/webhooks/web", log
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def test_run_on_a_fresh_clone_answers_and_ctrl_c_ends_all(
    running: tuple[subprocess.Popen[str], str, Path], clone: Path
) -> None:
    process, address, log = running
    assert address in log.read_text("utf-8")
    with Visitor(address) as visitor:
        for question in ("what is CBT?", "why do I need therapy in rehab?"):
            (message,) = visitor.say(question)
            assert message["kind"] == "answer"
            assert any(source["kind"] == "reference" for source in message["sources"])
            assert misquoted(message, clone / "data" / "articles") == []
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 3
    # What a terminal does at Ctrl-C: the signal goes to its whole foreground group.
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)
    _, alive = psutil.wait_procs(children, timeout=15)
    assert alive == []
    assert "Traceback" not in log.read_text("utf-8")
