from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from assistant.answers.live import Live, articles_folder, set_live
from assistant.settings import ROOT, Settings
from commands import servers
from commands.servers import Servers, ended_by_signals, free_port
from commands.steps import StepFailedError

SLEEP = "exec sleep 60"
STUBBORN = "trap '' TERM; while :; do sleep 0.1; done"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(port=free_port(), actions_port=free_port(), state_dir=tmp_path / "state")


@contextlib.contextmanager
def _taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def _child(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> Path:
    """Puts a script in Python's place; returns the file to which it writes its id."""
    program, pid = folder / "program", folder / "pid"
    program.write_text(f"#!/bin/sh\necho $$ > {pid}\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return pid


def _until(path: Path) -> int:
    for _ in range(200):
        if path.exists() and path.read_text().strip():
            return int(path.read_text())
        time.sleep(0.02)
    raise AssertionError(f"{path} does not come")


@pytest.mark.parametrize("name", ["port", "actions_port"])
def test_a_port_in_use_is_told_by_its_setting(settings: Settings, name: str) -> None:
    with _taken() as port, pytest.raises(StepFailedError) as caught:
        Servers(settings.copy(update={name: port})).__enter__()
    assert str(caught.value) == f"Port {port} is in use; set {name.upper()} to a free one."


@pytest.mark.parametrize("name", ["PORT", "ACTIONS_PORT"])
def test_make_run_ends_with_one_sentence_when_a_port_is_in_use(tmp_path: Path, name: str) -> None:
    with _taken() as port:
        ports = {"PORT": str(free_port()), "ACTIONS_PORT": str(free_port()), name: str(port)}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "commands.run"],
            cwd=ROOT,
            env={**os.environ, **ports, "STATE_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is in use; set {name} to a free one.\n"


def test_the_two_servers_may_not_have_one_port(settings: Settings) -> None:
    same = settings.copy(update={"actions_port": settings.port})

    with pytest.raises(StepFailedError), Servers(same):
        pass


def test_a_state_folder_that_cannot_be_written_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(StepFailedError, match=r"^Cannot write to .*logs: "):
        Servers(settings).__enter__()


@pytest.mark.parametrize("script", [SLEEP, STUBBORN])
def test_what_was_started_ends_with_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(servers, "_STOP_LIMIT", 0.3)
    pid = _child(monkeypatch, tmp_path, script)
    with Servers(settings) as started:
        started.start_actions()
        number = _until(pid)
        os.kill(number, 0)
        started.require_running()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_server_that_ended_is_told_with_its_log(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _child(monkeypatch, tmp_path, "echo it broke >&2; exit 7")
    with Servers(settings) as started:
        started.start_actions()
        with pytest.raises(
            StepFailedError, match=r"^The actions server ended \(7\); see "
        ) as caught:
            started.wait_until_ready()
    log = Path(str(caught.value).rpartition("see ")[2].rstrip("."))
    assert log.read_text() == "it broke\n"


def test_servers_that_do_not_come_up_in_time_are_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "_START_LIMIT", 0.2)
    _child(monkeypatch, tmp_path, SLEEP)
    with Servers(settings) as started:
        started.start_actions()
        with pytest.raises(StepFailedError, match=r"did not answer in 0 s; see .*logs"):
            started.wait_until_ready()


@pytest.mark.parametrize(
    ("reply", "ready"),
    [
        ({"token": "t", "messages": [{"kind": "answer", "sources": [1]}]}, True),
        ({"token": "t", "messages": [{"kind": "answer", "sources": []}]}, False),
        ({"token": "t", "messages": [{"kind": "notice", "sources": []}]}, False),
        ({}, False),
        (None, False),
    ],
)
def test_ready_means_that_a_question_gets_a_cited_answer(
    settings: Settings, reply: object, ready: bool
) -> None:
    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = b"no JSON" if reply is None else json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _reply  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        set_live(settings, Live(articles_folder(settings), "0123456789abcdef", "What is CBT?"))
        running = Servers(settings.copy(update={"port": server.server_port}))
        try:
            if ready:
                running.wait_until_ready()
            else:
                with pytest.raises(StepFailedError, match="run but do not answer; see"):
                    running.wait_until_ready()
        finally:
            server.shutdown()


@pytest.mark.parametrize("built", [True, False])
def test_the_page_is_named_where_it_is_served(settings: Settings, built: bool) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if built and self.path == "/webhooks/web/" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running = Servers(settings.copy(update={"port": server.server_port}))
        expected = f"http://127.0.0.1:{server.server_port}/webhooks/web/" if built else None
        try:
            assert running.page == expected
        finally:
            server.shutdown()


def test_the_key_of_the_action_server_is_written_nowhere(settings: Settings) -> None:
    with Servers(settings) as started:
        _, endpoints, _, credentials = started.rasa_options()
        key = started.environment["ACTIONS_KEY"]
        assert len(key) >= 16
        assert Path(credentials).is_file()
        written = Path(endpoints).read_text("utf-8")
        assert key not in written
        url = yaml.safe_load(written)["action_endpoint"]["url"]
        assert url == f"http://127.0.0.1:{settings.actions_port}/webhook"


def test_a_polite_end_is_as_ctrl_c() -> None:
    before = signal.getsignal(signal.SIGTERM)
    # The handler runs before `raise_signal` comes back.
    with pytest.raises(KeyboardInterrupt), ended_by_signals():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_free_port_can_be_listened_on() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))
