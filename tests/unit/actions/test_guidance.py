"""What asks nothing yet, and what is written in Spanish."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import guidance
from actions.guidance import ActionAnswerFeeling, ActionOfferTopics
from actions.spanish import ActionAnswerInSpanish
from assistant.answers import wording
from assistant.answers.compose import Composer
from assistant.safety.protocol import Crisis

CANARY = "zebra-canary-555-0199"


def _run(action: Action, text: str = "help", crisis: Crisis | None = None) -> dict[str, Any]:
    slots = {"crisis": crisis.as_dict() if crisis else None}
    tracker = Tracker("person", slots, {"text": text}, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, {}))
    # Nothing but that where to get help was said once more.
    assert {each["name"] for each in events} <= {"crisis"}
    (sent,) = dispatcher.messages
    message: dict[str, Any] = sent["message"]
    return message


@pytest.mark.parametrize(
    ("action", "greeting"),
    [(ActionOfferTopics(), wording.HELP_WANTED), (ActionAnswerFeeling(), wording.FEELING)],
)
def test_one_question_back_with_choices_and_people(action: Action, greeting: str) -> None:
    message = _run(action)
    assert message["kind"] == "prompt"
    assert message["text"].startswith(greeting)
    assert 2 <= len(message["choices"]) <= 4
    for choice in message["choices"]:
        assert f"- {choice['title']}" in message["text"]
    assert {"tel:911", "tel:988"} <= {each["href"] for each in message["resources"]}


@pytest.mark.parametrize(
    "action", [ActionOfferTopics(), ActionAnswerFeeling(), ActionAnswerInSpanish()]
)
def test_after_an_emergency_it_is_the_crisis_line(action: Action) -> None:
    message = _run(action, "necesito ayuda", Crisis("suicide", "self", "es"))
    assert message["kind"] == "crisis"
    assert "988" in message["text"]


@pytest.mark.parametrize(
    ("action", "first"), [(ActionOfferTopics(), []), (ActionAnswerFeeling(), [wording.FEELING])]
)
def test_who_asks_beside_it_is_answered(action: Action, first: list[str]) -> None:
    text = "I feel so lost. How can I help my son with his addiction?"
    tracker = Tracker("person", {}, {"text": text}, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, {}))
    *before, answer = [sent["message"] for sent in dispatcher.messages]
    assert [message["text"] for message in before] == first
    assert answer["kind"] == "answer"
    assert "last_answer" in {event["name"] for event in events}


@pytest.mark.parametrize("action", [ActionOfferTopics(), ActionAnswerFeeling()])
def test_a_failure_ends_in_a_plain_sentence(
    action: Action, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Composer:
        raise ValueError(f"cannot read {CANARY}")

    monkeypatch.setattr(guidance, "composer", fail)
    message = _run(action, CANARY)
    assert message["text"] == wording.SOMETHING_FAILED
    assert CANARY not in caplog.text


def test_spanish_needs_no_articles() -> None:
    message = _run(ActionAnswerInSpanish(), "¿qué es la metadona?")
    assert message["kind"] == "notice"
    assert [choice["payload"] for choice in message["choices"]] == ["What is methadone?"]
