"""In an emergency and after one: what Rasa's own channels say, and what people ask next."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import base, crisis, people
from actions.crisis import (
    ActionAnswerBesideEmergency,
    ActionAnswerCrisisFollowUp,
    ActionShowCrisisResources,
)
from actions.emergencies import crisis_of
from actions.people import ActionOfferPerson, ActionOfferPersonInCrisis
from assistant.answers import wording
from assistant.answers.compose import Composer, Reply
from assistant.message import Message
from assistant.provider import Provider
from assistant.safety.counts import CrisisCounts
from assistant.safety.emergency import Emergency
from assistant.safety.protocol import Crisis
from assistant.safety.resources import crisis_texts
from assistant.settings import load_settings

TEXTS = crisis_texts()
SUICIDE = Emergency("suicide", "self", "direct")
AFTER = Crisis("suicide", "self", "en")
CANARY = "zebra-canary-555-0199"


@pytest.fixture(autouse=True)
def state(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A state folder of its own for the counts."""
    bare_environment.setenv("STATE_DIR", str(tmp_path))
    return tmp_path


def tracker(
    intent: str,
    text: str = "help",
    emergency: Emergency | None = None,
    kept: Crisis | None = None,
    told: Crisis | None = None,
    confidence: float = 1.0,
) -> Tracker:
    message: dict[str, Any] = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "intent_ranking": [{"name": intent, "confidence": confidence}],
        "entities": [],
        "metadata": {"crisis": told.as_dict()} if told else {},
    }
    if emergency:
        message["emergency"] = asdict(emergency)
    slots = {"crisis": kept.as_dict() if kept else None}
    events = [{"event": "user", "text": text, "input_channel": "cmdline"}]
    return Tracker("person", slots, message, events, False, None, {}, "action_listen")


def run(action: Action, said: Tracker) -> tuple[list[dict[str, Any]], Crisis | None]:
    """The messages, and what is remembered of the crisis."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, said, {}))
    slots = json.loads(json.dumps({event["name"]: event["value"] for event in events}))
    messages = [sent["message"] for sent in dispatcher.messages]
    assert all(sent["text"] == sent["message"]["text"] for sent in dispatcher.messages)
    return messages, Crisis.from_dict(slots.get("crisis"))


def as_sent(message: Message | None) -> dict[str, Any]:
    assert message is not None
    return message.as_dict()


@pytest.fixture
def articles(monkeypatch: pytest.MonkeyPatch) -> None:
    """The articles have an answer to everything."""

    class Answering:
        def answer(self, text: str, memory: Any, **_: Any) -> Any:
            message = Message("answer", "An answer.")
            return type("Reply", (), {"message": message, "memory": base.Memory()})

    monkeypatch.setattr(base, "composer", Answering)


@pytest.fixture
def no_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be answered."""

    def fail() -> Composer:
        raise ValueError(f"cannot read {CANARY}")

    monkeypatch.setattr(base, "composer", fail)


@pytest.mark.usefixtures("no_articles")
def test_an_emergency_is_answered_by_its_kind_without_the_articles(state: Path) -> None:
    (message,), after = run(ActionShowCrisisResources(), tracker("crisis", emergency=SUICIDE))
    assert message == as_sent(TEXTS.emergency("suicide", "self", "en"))
    assert after == AFTER
    (again,), later = run(
        ActionShowCrisisResources(), tracker("crisis", emergency=SUICIDE, kept=after)
    )
    assert again == as_sent(TEXTS.again("suicide", "self", "en", 1))
    assert later is not None
    assert later.times == 2
    assert CrisisCounts(load_settings().state_dir).read() == [("suicide", "cmdline", 2)]


@pytest.mark.usefixtures("articles")
def test_what_is_only_likely_an_emergency_is_answered_too() -> None:
    likely = tracker(
        "crisis", "my dad drinks, what is detox?", replace(SUICIDE, certainty="likely")
    )
    fixed, answer = run(ActionShowCrisisResources(), likely)[0]
    assert (fixed["kind"], answer["kind"]) == ("crisis", "answer")
    # The channel's gate has said the first already.
    (beside,) = run(ActionAnswerBesideEmergency(), likely)[0]
    assert beside == answer
    assert len(run(ActionShowCrisisResources(), tracker("crisis", emergency=SUICIDE))[0]) == 1


@pytest.mark.usefixtures("no_articles")
def test_beside_an_emergency_a_failure_says_nothing() -> None:
    assert run(ActionAnswerBesideEmergency(), tracker("crisis"))[0] == []


def test_the_bare_intent_gets_the_message_for_every_emergency() -> None:
    (message,), after = run(ActionShowCrisisResources(), tracker("crisis"))
    assert message == as_sent(TEXTS.unknown())
    assert after is None


def test_what_the_channel_knows_comes_before_the_slot_which_knows_what_was_told() -> None:
    older = Crisis("abuse", "self", "es", told=("cannot_call",))
    assert crisis_of(tracker("ask", told=AFTER, kept=older)) == Crisis(
        "suicide", "self", "en", told=("cannot_call",)
    )
    assert crisis_of(tracker("ask", told=AFTER)) == AFTER
    assert crisis_of(tracker("ask", kept=older)) == older
    assert crisis_of(tracker("ask")) is None


@pytest.mark.usefixtures("articles")
def test_a_question_after_an_emergency_gets_the_fixed_answer_alone() -> None:
    said = tracker("ask_crisis_call", "what happens if i call", told=AFTER, confidence=0.9)
    (message,), after = run(ActionAnswerCrisisFollowUp(), said)
    assert message == as_sent(TEXTS.follow_up("ask_crisis_call", "lifeline", "en"))
    assert after is not None
    assert after.told == ("ask_crisis_call",)
    (again,), _ = run(ActionAnswerCrisisFollowUp(), tracker("ask_crisis_call", kept=after))
    assert again == as_sent(TEXTS.again("suicide", "self", "en", 1))


@pytest.mark.usefixtures("articles")
def test_where_the_nlu_is_unsure_the_answer_follows() -> None:
    said = tracker("ask_crisis_call", "what happens in detox", told=AFTER, confidence=0.4)
    (fixed, answer), _ = run(ActionAnswerCrisisFollowUp(), said)
    assert fixed["kind"] == "crisis"
    assert answer["kind"] == "answer"


@pytest.mark.usefixtures("articles")
def test_without_an_emergency_before_an_answer_is_never_replaced() -> None:
    (message,), after = run(ActionAnswerCrisisFollowUp(), tracker("ask_crisis_call"))
    assert (message["kind"], after) == ("answer", None)


def test_without_an_emergency_a_guess_is_answered_like_a_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Silent:
        def answer(self, text: str, memory: Any, **_: Any) -> Any:
            return Reply(Message("no_answer", wording.DONT_KNOW), memory)

    monkeypatch.setattr(base, "composer", Silent)
    (message,), _ = run(ActionAnswerCrisisFollowUp(), tracker("cannot_call", confidence=0.4))
    assert message["text"] == wording.DONT_KNOW


@pytest.mark.usefixtures("no_articles")
def test_without_an_emergency_and_an_answer_the_general_words_are_said() -> None:
    (message,), after = run(ActionAnswerCrisisFollowUp(), tracker("afraid_to_call"))
    assert message == as_sent(TEXTS.follow_up("afraid_to_call", "general", "en"))
    assert after is None


def test_a_person_is_a_crisis_line_after_an_emergency() -> None:
    said = tracker("ask_human", told=Crisis("abuse", "self", "es"))
    for action in (ActionOfferPerson(), ActionOfferPersonInCrisis()):
        (message,), after = run(action, said)
        assert message == as_sent(TEXTS.follow_up("ask_human", "hotline", "es"))
        assert after is not None
        assert after.told == ("ask_human",)


def test_a_person_is_the_provider_or_the_helpline_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (message,), _ = run(ActionOfferPerson(), tracker("ask_human"))
    assert "1-800-662-4357" in message["text"]
    known = Provider(name="Harbor House", phone="+1 555 010 0199", hours="9 to 5")
    monkeypatch.setattr(people, "load_provider", lambda: known)
    (message,), _ = run(ActionOfferPerson(), tracker("ask_human"))
    assert "call +1 555 010 0199 (9 to 5)" in message["text"]
    assert "automated program" in message["text"]
    assert "988" in message["text"]
    assert run(ActionOfferPersonInCrisis(), tracker("ask_identity")) == ([], None)


def test_who_wants_a_person_may_sign_up_to_be_called_unless_that_is_under_way() -> None:
    said = tracker("ask_human")
    (message,), _ = run(ActionOfferPerson(), said)
    assert [choice["title"] for choice in message["choices"]] == ["Sign up"]
    assert message["text"].endswith("- Sign up")
    said.active_loop = {"name": "signup_form"}
    (message,), _ = run(ActionOfferPerson(), said)
    assert message["choices"] == []
    assert "Sign up" not in message["text"]


@pytest.mark.parametrize("action", [ActionShowCrisisResources, ActionAnswerCrisisFollowUp])
def test_a_failure_says_where_help_is_and_logs_no_word(
    action: type[Action], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(crisis, "protocol", fail)
    said = tracker("cannot_call", CANARY, emergency=SUICIDE, kept=AFTER)
    with caplog.at_level(logging.DEBUG):
        (message,), _ = run(action(), said)
    assert message["text"] == wording.SOMETHING_FAILED
    assert CANARY not in caplog.text
