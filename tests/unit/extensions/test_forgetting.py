"""Nothing of what a form was told is left when it has ended, and nothing at all after "delete"."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from conftest import DOMAIN
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from sqlalchemy.exc import OperationalError

from assistant.forms.kept import (
    CONTACT_SLOT,
    FORGET,
    FORM,
    NAME_SLOT,
    NEVER,
    ONCE_KEPT,
    PERSONAL,
    REMOVED,
    THE_CONVERSATION,
    THE_FORM,
    WHILE_ASKED,
)
from assistant.message import CHOICE_TITLE, Message
from assistant.settings import Settings
from extensions.channels.lifecycle import forget_quietly
from extensions.channels.rendering import Renderer
from extensions.channels.tokens import ConversationTokens
from extensions.channels.turns import WebOutput, run_turn
from extensions.conversation_rows import ConversationNotErasedError
from extensions.tracker_store import EncryptedTrackerStore

NAME, NUMBER = "Zebrina", "+12025550143"
SLOTS = ("crisis", "topic", NAME_SLOT, CONTACT_SLOT, FORGET)
DOMAIN = Domain.from_dict(
    {
        **DOMAIN.as_dict(),
        "slots": {slot: {"type": "any", "mappings": [{"type": "custom"}]} for slot in SLOTS},
        "forms": {FORM: {"required_slots": [NAME_SLOT, CONTACT_SLOT]}},
    }
)


@pytest.fixture
def store(settings: Settings) -> EncryptedTrackerStore:
    return EncryptedTrackerStore(DOMAIN, settings=settings)


def user(text: str, intent: str = "ask", **metadata: str) -> UserUttered:
    parsed = {"text": text, "intent": {"name": intent}, "entities": [{"value": text}]}
    return UserUttered(text, {"name": intent}, parse_data=parsed, metadata=metadata or None)


def bot(text: str, **beside: str) -> BotUttered:
    return BotUttered(text, metadata={"message": Message("notice", text).as_dict(), **beside})


async def turn(store: EncryptedTrackerStore, *events: Event, sender: str = "one") -> None:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for event in (*events, ActionExecuted("action_listen")):
        tracker.update(event)
    await store.save(tracker)


async def fill_in(store: EncryptedTrackerStore) -> None:
    """A sign-up up to its summary, with a question and an emergency on the way."""
    await turn(store, user(f"I'm {NAME}, is rehab free?"), bot("Some of it is."))
    await turn(store, user("sign me up"), ActiveLoop(FORM), bot("What is your name?"))
    await turn(store, user(f"{NAME} Smith"), SlotSet(NAME_SLOT, f"{NAME} Smith"), bot("And how?"))
    rejected = ActionExecutionRejected(FORM)
    await turn(store, user("what is CBT?"), rejected, bot("A kind of therapy."))
    await turn(store, user("I want to die", "crisis"), bot("Call 988."))
    await turn(store, user("text", **{CHOICE_TITLE: "Text message"}), bot("What number?"))
    await turn(store, user("(202) 555-0143"), SlotSet(CONTACT_SLOT, NUMBER))
    await turn(store, user("yes"), bot(f"{NAME} at {NUMBER}?", **{PERSONAL: WHILE_ASKED}))


END = (SlotSet(NAME_SLOT, None), SlotSet(CONTACT_SLOT, None), ActiveLoop(None))


async def everything(store: EncryptedTrackerStore) -> str:
    """All that is left of the conversation, decrypted."""
    rows, state = await asyncio.to_thread(store._rows.last_turns, store._name("one"), 1000)
    assert state is None
    tracker = await store.retrieve("one")
    slots = tracker.current_slot_values() if tracker else {}
    return json.dumps([rows, slots])


async def said(store: EncryptedTrackerStore) -> list[str]:
    return [e["text"] for e in await store.read_events("one") if e["event"] in ("user", "bot")]


def test_while_the_form_asks_its_answers_are_kept(store: EncryptedTrackerStore) -> None:
    async def scenario() -> Any:
        await fill_in(store)
        return await store.retrieve("one")

    tracker = asyncio.run(scenario())
    assert tracker.get_slot(NAME_SLOT) == f"{NAME} Smith"
    assert tracker.active_loop_name == FORM


def test_when_the_form_ends_what_it_was_told_is_gone(store: EncryptedTrackerStore) -> None:
    async def scenario() -> tuple[str, list[str]]:
        await fill_in(store)
        await turn(store, user("send it"), *END, bot("Received."), SlotSet(FORGET, THE_FORM))
        return await everything(store), await said(store)

    left, texts = asyncio.run(scenario())
    for canary in (NAME, "Smith", "555-0143", NUMBER):
        assert canary not in left
    assert texts == [
        *(REMOVED, "Some of it is.", "sign me up", "What is your name?", REMOVED, "And how?"),
        *("what is CBT?", "A kind of therapy.", "I want to die", "Call 988."),
        *("text", "What number?", REMOVED, REMOVED, REMOVED, REMOVED, "Received."),
    ]


def test_a_conversation_goes_on_after_that(store: EncryptedTrackerStore) -> None:
    async def scenario() -> list[str]:
        await fill_in(store)
        await turn(store, user("send it"), *END, SlotSet(FORGET, THE_FORM))
        await turn(store, user("what is DBT?"), bot("Another kind."))
        return (await said(store))[-2:]

    assert asyncio.run(scenario()) == ["what is DBT?", "Another kind."]


def test_deleting_leaves_nothing_but_that_it_was_done(store: EncryptedTrackerStore) -> None:
    async def scenario() -> tuple[str, list[str], list[str]]:
        await fill_in(store)
        await turn(store, user("x"), bot("hello"), sender="another")
        wish = SlotSet(FORGET, THE_CONVERSATION)
        await turn(store, user(f"yes, {NAME}"), SlotSet("topic", "cbt"), bot("Deleted."), wish)
        others = [event["event"] for event in await store.read_events("another")]
        return await everything(store), await said(store), others

    left, texts, others = asyncio.run(scenario())
    assert texts == [REMOVED, "Deleted."]
    assert NAME not in left
    assert "cbt" not in left
    assert "Call 988" not in left
    assert others[:2] == ["user", "bot"]


def test_what_is_only_to_be_shown_is_never_kept(store: EncryptedTrackerStore) -> None:
    async def scenario() -> tuple[str, list[str]]:
        await turn(store, user("show me"), bot(f"{NAME}, {NUMBER}", **{PERSONAL: NEVER}))
        return await everything(store), await said(store)

    left, texts = asyncio.run(scenario())
    assert texts == ["show me", REMOVED]
    assert NAME not in left


def test_an_abandoned_form_is_forgotten_in_time(store: EncryptedTrackerStore) -> None:
    async def scenario() -> tuple[int, int, int, str]:
        await fill_in(store)
        early = await store.forget_abandoned(timedelta(hours=1))
        late = await store.forget_abandoned(timedelta(seconds=-1))
        again = await store.forget_abandoned(timedelta(seconds=-1))
        return early, late, again, await everything(store)

    early, late, again, left = asyncio.run(scenario())
    assert (early, late, again) == (0, 1, 0)
    assert NAME not in left
    assert NUMBER not in left


def test_a_form_that_has_ended_or_was_erased_is_not_abandoned(store: EncryptedTrackerStore) -> None:
    async def scenario() -> int:
        await fill_in(store)
        await turn(store, user("send it"), *END, SlotSet(FORGET, THE_FORM))
        await turn(store, user("sign me up"), ActiveLoop(FORM), sender="another")
        await store.retire("another")
        return await store.forget_abandoned(timedelta(seconds=-1))

    assert asyncio.run(scenario()) == 0


def test_deleting_that_fails_is_told(
    store: EncryptedTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("", {}, Exception(NAME))

    async def scenario() -> list[str]:
        await fill_in(store)
        monkeypatch.setattr(store._rows, "rewrite", fail)
        with pytest.raises(ConversationNotErasedError) as told:
            await turn(store, user("yes"), SlotSet(FORGET, THE_CONVERSATION))
        assert NAME not in str(told.value)
        return await said(store)

    assert f"{NAME} Smith" in asyncio.run(scenario())


@pytest.mark.parametrize("fails", [True, False])
def test_who_wanted_to_delete_is_told_that_it_was_done_when_it_was(fails: bool) -> None:
    async def scenario() -> list[str]:
        output = WebOutput(Renderer(ConversationTokens("s" * 40, 60), "one"))

        async def deleting() -> None:
            await output.send_response("one", {"text": "Deleted.", ONCE_KEPT: "yes"})
            await asyncio.sleep(0.05)
            if fails:
                raise ConversationNotErasedError("The conversation was not deleted.")

        return [said["text"] async for said in run_turn("one", deleting(), output) if said]

    (text,) = asyncio.run(scenario())
    assert ("could not be deleted" in text) if fails else (text == "Deleted.")


def test_forgetting_that_fails_is_logged_without_a_word(
    store: EncryptedTrackerStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError(NAME, {}, Exception(NAME))

    async def scenario() -> None:
        await fill_in(store)
        monkeypatch.setattr(store._rows, "abandoned", fail)
        await forget_quietly(store)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(scenario())
    assert "could not be forgotten: OperationalError" in caplog.text
    assert NAME not in caplog.text
