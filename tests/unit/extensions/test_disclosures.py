"""That this is a program is said at the start, and again every three hours."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from conftest import EchoAgent, serving, signed_in

from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels import disclosures
from extensions.channels.disclosures import Disclosures
from extensions.channels.tokens import Opened
from extensions.tracker_store import EncryptedTrackerStore

NOON = datetime(2026, 11, 25, 12, tzinfo=timezone.utc)


def test_a_reminder_is_due_once_every_three_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Disclosures(Provider())
    mine = Opened("mine", NOON)
    hours = [0, 2.9, 3, 3.1, 5.9, 6.1, 11.9, 12]
    due = [said.due(mine, NOON + timedelta(hours=passed)) for passed in hours]
    assert due == [False, False, True, False, False, True, True, True]
    assert said.due(Opened("yours", NOON), NOON + timedelta(hours=4))
    monkeypatch.setattr(disclosures, "_MAX_CONVERSATIONS", 2)
    for name in "abc":
        said.due(Opened(name, NOON), NOON + timedelta(hours=4))
    assert len(said._told) == 2


def test_a_conversation_begins_with_what_speaks_and_whom_to_call(
    settings: Settings, store: EncryptedTrackerStore
) -> None:
    async def scenario() -> None:
        provider = Provider(name="Harbor House", phone="+1 555 010 0199")
        async with serving(settings, EchoAgent(store), provider=provider) as client:
            body = (await client.post("/sessions")).json()
            assert set(body) == {"token", "expires_in", "message"}
            assert "automated program, not a person" in body["message"]["text"]
            assert "+1 555 010 0199" in body["message"]["text"]

    asyncio.run(scenario())


def test_a_long_conversation_is_reminded_after_the_answer(
    settings: Settings, store: EncryptedTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with serving(settings, EchoAgent(store)) as client:
            headers = await signed_in(client)
            monkeypatch.setattr(disclosures, "REMIND_EVERY", timedelta(seconds=1))
            await asyncio.sleep(1.1)
            reply = await client.post("/messages", json={"text": "hello"}, headers=headers)
            answer, reminder = reply.json()["messages"]
            assert answer["kind"] == "answer"
            assert "automated program, not a person" in reminder["text"]
            await asyncio.sleep(0.2)
            history = (await client.get("/history", headers=headers)).json()["messages"]
            assert history[-1] == {"from": "assistant", "message": reminder}

    asyncio.run(scenario())
