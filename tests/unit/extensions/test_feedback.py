"""Whether an answer helped is counted for its sections, once a conversation."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from conftest import EchoAgent, serving, signed_in
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered

from assistant.gaps.model import Missed
from assistant.gaps.store import GapStore
from assistant.settings import Settings
from extensions.channels.lifecycle import purge_gaps_quietly
from extensions.tracker_store import EncryptedTrackerStore

Scenario = Callable[[httpx.AsyncClient, dict[str, str]], Awaitable[Any]]
SENTENCES = [
    {"text": "One.", "citations": [1], "source": {"article": "care", "section": "cost"}},
    {"text": "Two.", "citations": [1], "source": {"article": "care", "section": "cost"}},
]
MESSAGE = {
    "kind": "answer",
    "text": "One. Two.",
    "answer_id": "answer-1",
    "blocks": [{"topic": "t", "heading": "h", "sentences": SENTENCES}],
}


@pytest.fixture
def drive(settings: Settings, store: EncryptedTrackerStore) -> Callable[[Scenario], Any]:
    """Runs a scenario in a conversation that has one answer."""

    def run(scenario: Scenario, settings: Settings = settings) -> Any:
        async def whole() -> Any:
            agent = EchoAgent(store)

            async def answer(message: UserMessage) -> None:
                tracker = await store.get_or_create_tracker(message.sender_id)
                tracker.update(UserUttered(message.text, {"name": "ask"}))
                tracker.update(BotUttered("One. Two.", metadata={"message": MESSAGE}))
                await store.save(tracker)

            agent.turn = answer
            async with serving(settings, agent) as client:
                headers = await signed_in(client)
                await client.post("/messages", json={"text": "hello"}, headers=headers)
                return await scenario(client, headers)

        return asyncio.run(whole())

    return run


def counted(settings: Settings) -> list[tuple[str, int, int]]:
    return [(each.section, each.helpful, each.unhelpful) for each in GapStore(settings).votes()]


def test_a_vote_is_counted_for_the_sections_and_the_latest_holds(
    drive: Any, settings: Settings
) -> None:
    async def scenario(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        for helpful in (True, True, False):
            body = {"answer_id": "answer-1", "helpful": helpful}
            reply = await client.post("/feedback", json=body, headers=headers)
            assert reply.status_code == 204
            assert reply.content == b""

    drive(scenario)
    assert counted(settings) == [("care#cost", 0, 1)]


def test_an_answer_of_another_conversation_is_unknown(drive: Any, settings: Settings) -> None:
    async def scenario(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        body = {"answer_id": "answer-1", "helpful": True}
        stranger = await client.post("/feedback", json=body, headers=await signed_in(client))
        assert stranger.status_code == 404
        assert stranger.headers["content-type"] == "application/problem+json"
        assert stranger.json()["detail"] == "There is no such answer in this chat."
        assert (await client.post("/feedback", json=body)).status_code == 401

    drive(scenario)
    assert counted(settings) == []


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"[]",
        b'{"answer_id": "answer-1"}',
        b'{"answer_id": "answer-1", "helpful": "yes"}',
        b'{"answer_id": 1, "helpful": true}',
        b'{"answer_id": "answer-1", "helpful": true, "comment": "call me"}',
    ],
)
def test_anything_else_is_refused_with_a_sentence(
    drive: Any, settings: Settings, body: bytes
) -> None:
    async def scenario(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        reply = await client.post("/feedback", content=body, headers=headers)
        assert reply.status_code == 400
        assert reply.json()["detail"].endswith(".")

    drive(scenario)
    assert counted(settings) == []


def test_switched_off_nothing_is_counted(drive: Any, settings: Settings) -> None:
    async def scenario(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        body = {"answer_id": "answer-1", "helpful": True}
        assert (await client.post("/feedback", json=body, headers=headers)).status_code == 204

    drive(scenario, settings.copy(update={"gaps": False}))
    assert counted(settings) == []


def test_erasing_a_conversation_erases_its_gaps(
    drive: Any, settings: Settings, store: EncryptedTrackerStore
) -> None:
    gaps = GapStore(settings)

    async def scenario(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        # The id of a conversation is the signed part of its token.
        conversation = headers["Authorization"].removeprefix("Bearer ").split(".")[0]
        for name in (conversation, "another"):
            gaps.add(name, "web", f"horses {name}", Missed("unknown"))
        assert (await client.delete("/session", headers=headers)).status_code == 204

    drive(scenario)
    assert [gap.text for gap in gaps.gaps()] == ["horses another"]


def test_while_gaps_cannot_be_erased_the_token_goes_on(
    drive: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        database = settings.state_dir / "gaps.db"
        GapStore(settings).close()
        kept = database.read_bytes()
        for path in settings.state_dir.glob("gaps.db*"):
            path.unlink(missing_ok=True)  # SQLite may take its log away meanwhile
        database.write_bytes(b"no database " * 1000)
        assert (await client.delete("/session", headers=headers)).status_code == 503
        assert (await client.get("/history", headers=headers)).status_code == 200
        database.write_bytes(kept)
        assert (await client.delete("/session", headers=headers)).status_code == 204

    drive(scenario)


def test_old_gaps_are_purged_beside_old_conversations(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    store = GapStore(settings)
    store.add("one", "web", "horses", Missed("unknown"))
    with sqlite3.connect(settings.state_dir / "gaps.db") as database:
        database.execute("UPDATE content_gap SET day = '2020-01-01'")
    # Also where nothing is recorded any more.
    asyncio.run(purge_gaps_quietly(settings.copy(update={"gaps": False})))
    with sqlite3.connect(settings.state_dir / "gaps.db") as database:
        assert database.execute("SELECT count(*) FROM content_gap").fetchone() == (0,)
    broken = settings.copy(update={"database_url": "sqlite:////nowhere/at/all.db"})
    asyncio.run(purge_gaps_quietly(broken))
    assert "Old content gaps could not be deleted: OperationalError." in caplog.text
