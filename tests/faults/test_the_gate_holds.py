"""An emergency is answered within a second, whatever is dead behind the gate."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.settings import load_settings
from commands.servers import Servers, free_port
from tests.client import Visitor
from tests.serving import Live, running_assistant

pytestmark = pytest.mark.live

SUICIDE = "I want to kill myself"


def answered(visitor: Visitor) -> None:
    """Sends an emergency twice; each reply is in time and leads to help."""
    texts = []
    for _ in range(2):
        (message,) = visitor.say(SUICIDE)
        assert visitor.seconds < 1
        assert message["kind"] == "crisis"
        assert {"tel:988", "tel:911"} <= {each["href"] for each in message["resources"]}
        texts.append(message["text"])
    assert texts[0] != texts[1]


@pytest.fixture(scope="module")
def dying() -> Iterator[Live]:
    """Servers of their own, since they do not survive these tests."""
    with running_assistant() as live:
        yield live


def _database(live: Live) -> Path:
    return live.settings.state_dir / "conversations.db"


def test_database_locked_and_the_person_is_answered(dying: Live) -> None:
    with Visitor(dying.address) as visitor:
        holder = sqlite3.connect(_database(dying), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        try:
            answered(visitor)
        finally:
            holder.close()
        # The conversation goes on.
        assert visitor.say("what is CBT?")[0]["kind"] == "answer"


def test_action_server_gone_and_the_person_is_answered(dying: Live) -> None:
    dying.servers.stop("actions")
    try:
        with Visitor(dying.address) as visitor:
            answered(visitor)
            # What the actions would have answered is no silence, and no other helpline.
            (message,) = visitor.say("what happens if I call?")
            assert message["kind"] == "crisis"
            assert "662-4357" not in message["text"]
    finally:
        dying.servers.start_actions()
        dying.servers.wait_until_ready()


def test_database_removed_and_the_person_is_answered(dying: Live) -> None:
    for path in dying.settings.state_dir.glob("conversations.db*"):
        path.unlink()
    _database(dying).mkdir()
    with Visitor(dying.address) as visitor:
        answered(visitor)


def test_no_word_of_it_is_in_a_log(dying: Live) -> None:
    canary = "my name is Zyrphelia Quonk and I want to kill myself"
    with Visitor(dying.address) as visitor:
        assert visitor.say(canary)[0]["kind"] == "crisis"
    files = [path for path in dying.settings.state_dir.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    for path in files:
        assert b"Zyrphelia" not in path.read_bytes(), path


@pytest.mark.parametrize("encoder", [True, False], ids=["no model", "no model, no encoder"])
def test_model_broken_at_the_start_and_the_person_is_answered(
    tmp_path: Path, encoder: bool
) -> None:
    nowhere = tmp_path / "a file, no folder"
    nowhere.write_text("", "utf-8")
    model = tmp_path / "broken.tar.gz"
    model.write_bytes(b"this is no model")
    settings = load_settings().copy(
        update={
            "port": free_port(),
            "actions_port": free_port(),
            "state_dir": tmp_path / "state",
            "database_url": None,
            "models_dir": load_settings().models_dir if encoder else nowhere,
        }
    )
    with Servers(settings) as servers:
        servers.start_rasa(model)
        health = _first_answer(servers)
        assert health.status_code == 503
        assert health.json()["failing"] == ["model"]
        with Visitor(servers.address) as visitor:
            answered(visitor)


def _first_answer(servers: Servers) -> httpx.Response:
    for _ in range(300):
        servers.require_running()
        try:
            return httpx.get(f"{servers.address}/health", timeout=1)
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")
