"""A bare yes or no: what it answers is what was said right before it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.yes_and_no import ActionTakeNo, ActionTakeYes
from assistant.answers import wording
from assistant.message import Choice, Message
from assistant.safety.emergency import Emergency
from assistant.safety.protocol import Crisis, Protocol
from assistant.safety.resources import crisis_texts

SUICIDE = Crisis("suicide", "self", "en")
CRISIS_REPLY, _ = Protocol(crisis_texts()).reply(Emergency("suicide", "self", "direct"), None)
OFFER = Message("no_answer", "x", choices=(Choice(wording.SIGN_UP, wording.BEGIN_SIGN_UP),))
ANSWER = Message("answer", "x", choices=(Choice("Detox", '/choose{"section": "detox#a"}'),))


def _run(
    action: Action, text: str, before: list[list[Message]], crisis: Crisis | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    said = before[-1] if before else []
    latest = {
        "text": text,
        "reply_before": {
            "kinds": [each.kind for each in said],
            "payloads": [choice.payload for each in said for choice in each.choices],
        },
    }
    slots = {"crisis": crisis.as_dict() if crisis else None}
    tracker = Tracker("person", slots, latest, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    changed = asyncio.run(action.run(dispatcher, tracker, {}))
    return dispatcher.messages, changed


def test_a_yes_to_the_offer_of_the_sign_up_begins_it() -> None:
    sent, events = _run(ActionTakeYes(), "yes please", [[OFFER]])
    assert sent == []
    assert [(each["event"], each["name"]) for each in events] == [("followup", "signup_form")]


@pytest.mark.parametrize("before", [[], [[ANSWER]], [[OFFER], [ANSWER]]])
def test_a_yes_to_nothing_asks_for_the_question(before: list[list[Message]]) -> None:
    sent, events = _run(ActionTakeYes(), "yes", before)
    assert [each["response"] for each in sent] == ["utter_small_talk_affirm"]
    assert events == []


@pytest.mark.parametrize("beside", [[], [ANSWER], [OFFER]])
def test_a_yes_after_an_emergency_gets_people_and_no_form(beside: list[Message]) -> None:
    sent, events = _run(ActionTakeYes(), "yes", [[CRISIS_REPLY, *beside]], SUICIDE)
    (message,) = sent
    assert message["message"]["kind"] == "crisis"
    assert "988" in message["text"]
    assert [each["name"] for each in events] == ["crisis"]


def test_a_no_after_an_emergency_is_believed_and_not_dismissed() -> None:
    sent, events = _run(ActionTakeNo(), "no", [[CRISIS_REPLY]], SUICIDE)
    assert "if you are safe" in sent[0]["text"]
    assert "988" in sent[0]["text"]
    assert events[0]["name"] == "crisis"


@pytest.mark.parametrize("crisis", [None, SUICIDE])
def test_a_no_to_anything_else_is_accepted(crisis: Crisis | None) -> None:
    sent, events = _run(ActionTakeNo(), "no", [[CRISIS_REPLY], [ANSWER]], crisis)
    assert [each["response"] for each in sent] == ["utter_small_talk_deny"]
    assert events == []


@pytest.mark.parametrize("text", ["si", "Sí", "sí, claro"])
def test_a_yes_in_spanish_is_answered_in_spanish(text: str) -> None:
    ((message,), _) = _run(ActionTakeYes(), text, [[ANSWER]])
    assert message["text"].startswith("Con gusto")
