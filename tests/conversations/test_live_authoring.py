"""An editor changes articles while visitors ask; both servers run all the time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.settings import ROOT
from tests.client import Visitor
from tests.serving import Live, running_assistant
from tests.unit.articles import GOOD, changed

pytestmark = pytest.mark.live
QUESTION = "what is CBT?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles of its own, with one in it."""
    articles = tmp_path_factory.mktemp("articles")
    (articles / "care.md").write_text(GOOD, "utf-8")
    return articles


@pytest.fixture(scope="module")
def authored(folder: Path) -> Iterator[Live]:
    """An assistant that answers from that folder."""
    with running_assistant(folder) as running:
        yield running


def _index(live: Live) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "commands.index"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=live.servers.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _answer(live: Live) -> str:
    with Visitor(live.address) as visitor:
        return str(visitor.say(QUESTION)[0]["text"])


def _articles(live: Live) -> dict[str, Any]:
    health = httpx.get(f"{live.address}/health")
    assert health.status_code == httpx.codes.OK
    articles: dict[str, Any] = health.json()["articles"]
    return articles


def _soon(check: Any) -> bool:
    """Whether something becomes true within ten seconds."""
    until = time.monotonic() + 10
    while not (done := check()) and time.monotonic() < until:
        time.sleep(0.2)
    return bool(done)


def test_a_changed_article_is_answered_from_without_a_restart(authored: Live, folder: Path) -> None:
    assert "change habits" in _answer(authored)
    (folder / "care.md").write_text(changed("change habits", "change thoughts"), "utf-8")
    assert "change habits" in _answer(authored)
    assert _index(authored).returncode == 0
    assert _soon(lambda: "change thoughts" in _answer(authored))
    assert _articles(authored)["problem"] == ""


def test_a_new_article_is_answered_from_without_a_restart(authored: Live, folder: Path) -> None:
    text = (
        changed("id: care", "id: detox")
        .replace("ognitive behavioral therapy {#cbt", "linical detox {#detox")
        .replace('topics="cbt"', 'topics="detox"')
        .replace("- What is CBT?\n", "- What is detox?\n")
        .replace("- What is cognitive behavioral therapy?\n", "- detox meaning\n")
        .replace("- How does CBT work?\n", "- How does detox go?\n")
        .replace("- What happens in CBT?\n", "- first days without drugs\n")
        .replace("CBT helps a person change habits.", "Detox clears a drug from the body.")
        .replace("CBT can help with cravings.", "Detox is a first step of care.")
    )
    (folder / "detox.md").write_text(text, "utf-8")
    assert _index(authored).returncode == 0
    with Visitor(authored.address) as visitor:
        assert _soon(lambda: "Detox clears a drug" in visitor.say("what is detox?")[0]["text"])


def test_a_broken_article_leaves_the_answers_and_is_told(authored: Live, folder: Path) -> None:
    good = (folder / "care.md").read_text("utf-8")
    before = _articles(authored)["edition"]
    (folder / "care.md").write_text(good.replace("{#cbt", "{"), "utf-8")
    try:
        told = _index(authored)
        assert told.returncode == 1
        assert "care.md:8: A heading needs an id" in told.stdout
        assert _soon(lambda: "A heading needs an id" in _articles(authored)["problem"])
        assert _articles(authored)["edition"] == before
        assert "CBT helps a person" in _answer(authored)
    finally:
        (folder / "care.md").write_text(good, "utf-8")
    assert _index(authored).returncode == 0
    assert _soon(lambda: _articles(authored)["problem"] == "")
