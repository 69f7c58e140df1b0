"""Conversations are kept whole, encrypted, and at the same cost for each turn."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import DOMAIN
from cryptography.fernet import Fernet
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sqlalchemy.exc import SQLAlchemyError

from assistant.settings import Settings
from extensions.conversation_rows import ConversationRetiredError
from extensions.tracker_store import WINDOW_TURNS, EncryptedTrackerStore

CANARY = "zebra-canary-5551234"


async def say(store: EncryptedTrackerStore, text: str, *more: Any, sender: str = "one") -> None:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.update(UserUttered(text, {"name": "ask_secret"}))
    for event in more:
        tracker.update(event)
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)


async def texts(store: EncryptedTrackerStore, sender: str = "one") -> list[str]:
    events = await store.read_events(sender)
    return [event["text"] for event in events if event["event"] == "user"]


def test_what_is_said_is_not_readable_in_the_files(
    store: EncryptedTrackerStore, tmp_path: Path
) -> None:
    async def scenario() -> None:
        await say(store, CANARY, BotUttered(CANARY), SlotSet("name", CANARY), sender="+15550001")
        await store.check_writable()

    asyncio.run(scenario())
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert content
    for secret in (CANARY, "ask_secret", "action_listen", "+15550001"):
        assert secret.encode() not in content


def test_no_event_is_lost_over_many_turns(store: EncryptedTrackerStore) -> None:
    async def scenario() -> list[str]:
        for number in range(3 * WINDOW_TURNS):
            await say(store, f"text {number}")
        return await texts(store)

    assert asyncio.run(scenario()) == [f"text {number}" for number in range(3 * WINDOW_TURNS)]


def test_no_event_is_lost_when_a_session_starts(store: EncryptedTrackerStore) -> None:
    async def scenario() -> list[str]:
        await say(store, "before")
        await say(store, "first", SessionStarted(), UserUttered("second"))
        await say(store, "third")
        return await texts(store)

    assert asyncio.run(scenario()) == ["before", "first", "second", "third"]


def test_a_turn_reads_the_same_amount_however_long_the_conversation(
    store: EncryptedTrackerStore,
) -> None:
    async def scenario() -> list[int]:
        sizes = []
        for number in range(40):
            await say(store, f"text {number}")
            tracker = await store.retrieve("one")
            assert tracker is not None
            sizes.append(len(tracker.events))
        return sizes

    sizes = asyncio.run(scenario())
    assert sizes[-1] == sizes[20] == 2 * WINDOW_TURNS


def test_slots_form_and_pause_outlive_the_window(store: EncryptedTrackerStore) -> None:
    async def scenario() -> DialogueStateTracker | None:
        left_behind = SlotSet("topic", "cbt"), ActiveLoop("signup_form"), ConversationPaused()
        await say(store, "start", *left_behind)
        for number in range(2 * WINDOW_TURNS):
            await say(store, f"text {number}", SlotSet("name", number))
        return await store.retrieve("one")

    tracker = asyncio.run(scenario())
    assert tracker is not None
    assert tracker.get_slot("topic") == "cbt"
    assert tracker.get_slot("name") == 2 * WINDOW_TURNS - 1
    assert tracker.active_loop_name == "signup_form"
    assert tracker.is_paused()


def test_a_slot_emptied_long_ago_stays_empty(store: EncryptedTrackerStore) -> None:
    async def scenario() -> DialogueStateTracker | None:
        await say(store, "start", SlotSet("topic", "cbt"))
        await say(store, "empty", SlotSet("topic", None))
        for number in range(2 * WINDOW_TURNS):
            await say(store, f"text {number}")
        return await store.retrieve("one")

    tracker = asyncio.run(scenario())
    assert tracker is not None
    assert tracker.get_slot("topic") is None


def test_what_stands_in_for_old_turns_is_not_stored(store: EncryptedTrackerStore) -> None:
    async def scenario() -> list[dict[str, Any]]:
        await say(store, "start", SlotSet("topic", "cbt"))
        for number in range(3 * WINDOW_TURNS):
            await say(store, f"text {number}")
        return await store.read_events("one")

    events = asyncio.run(scenario())
    assert [event["event"] for event in events].count("slot") == 1


def test_a_new_session_begins_with_nothing_of_the_last(store: EncryptedTrackerStore) -> None:
    async def scenario() -> DialogueStateTracker | None:
        await say(store, "old", SlotSet("topic", "cbt"))
        await say(store, "new", SessionStarted())
        return await store.retrieve("one")

    tracker = asyncio.run(scenario())
    assert tracker is not None
    assert isinstance(tracker.events[0], SessionStarted)
    assert tracker.get_slot("topic") is None


def test_saving_twice_stores_once(store: EncryptedTrackerStore) -> None:
    async def scenario() -> list[str]:
        tracker = await store.get_or_create_tracker("one", append_action_listen=False)
        tracker.update(UserUttered("a"))
        await store.save(tracker)
        await store.save(tracker)
        tracker.update(UserUttered("b"))
        await store.save(tracker)
        return await texts(store)

    assert asyncio.run(scenario()) == ["a", "b"]


def test_a_whole_tracker_from_elsewhere_adds_what_is_new(store: EncryptedTrackerStore) -> None:
    async def scenario() -> list[str]:
        for events in ([UserUttered("a")], [UserUttered("a"), UserUttered("b")]):
            await store.save(DialogueStateTracker.from_events("one", events, DOMAIN.slots))
        return await texts(store)

    assert asyncio.run(scenario()) == ["a", "b"]


def test_erasing_leaves_the_other_conversations(store: EncryptedTrackerStore) -> None:
    async def scenario() -> tuple[Any, list[str], bool]:
        await say(store, "mine")
        await say(store, "yours", sender="two")
        await store.erase("one")
        return await store.retrieve("one"), await texts(store, "two"), await store.is_retired("one")

    assert asyncio.run(scenario()) == (None, ["yours"], False)


def test_a_retired_conversation_takes_nothing_more(
    store: EncryptedTrackerStore, settings: Settings
) -> None:
    async def scenario() -> None:
        await say(store, "mine")
        tracker = await store.retrieve("one")
        assert tracker is not None
        await store.retire("one")
        tracker.update(UserUttered("too late"))
        with pytest.raises(ConversationRetiredError):
            await store.save(tracker)
        # The mark survives a restart.
        assert await EncryptedTrackerStore(DOMAIN, settings=settings).is_retired("one")
        assert await texts(store) == []

    asyncio.run(scenario())


def test_purging_deletes_what_is_old(store: EncryptedTrackerStore) -> None:
    async def scenario() -> tuple[int, int, bool]:
        await say(store, "mine")
        await store.retire("two")
        kept = await store.purge(timedelta(days=1), timedelta(days=1))
        gone = await store.purge(timedelta(0), timedelta(0))
        return kept, gone, await store.is_retired("two")

    assert asyncio.run(scenario()) == (0, 1, False)


def test_old_keys_still_decrypt(store: EncryptedTrackerStore, settings: Settings) -> None:
    rotated = settings.copy(
        update={"data_keys": f"{Fernet.generate_key().decode()},{settings.data_keys}"}
    )
    other = settings.copy(update={"data_keys": Fernet.generate_key().decode()})

    async def scenario() -> None:
        await say(store, "kept")
        assert await texts(EncryptedTrackerStore(DOMAIN, settings=rotated)) == ["kept"]
        with pytest.raises(RasaException, match="DATA_KEYS"):
            await texts(EncryptedTrackerStore(DOMAIN, settings=other))

    asyncio.run(scenario())


@pytest.mark.parametrize("sender", ["", "x" * 256, "a\0b", "a\nb", "\ud800"])
def test_malformed_ids_are_refused(store: EncryptedTrackerStore, sender: str) -> None:
    with pytest.raises(RasaException):
        asyncio.run(store.retrieve(sender))


def test_a_database_that_is_gone_raises_and_does_not_end_the_process(
    store: EncryptedTrackerStore, tmp_path: Path
) -> None:
    async def scenario() -> None:
        await store.close()
        database = tmp_path / "conversations.db"
        database.rename(tmp_path / "elsewhere.db")
        database.mkdir()
        with pytest.raises(SQLAlchemyError):
            await store.check_writable()
        with pytest.raises(SQLAlchemyError):
            await store.retrieve("one")

    asyncio.run(scenario())
