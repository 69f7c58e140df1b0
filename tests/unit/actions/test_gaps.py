"""What the articles did not answer is noted; what is private is not."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import gaps
from actions.base import MEMORY_SLOT
from actions.follow_ups import ActionOfferAlternatives
from actions.questions import ActionAnswerQuestion
from assistant.answers import wording
from tests.unit.actions.conftest import Collected

UNKNOWN = "do you offer ayurvedic mud baths in your rehab center"


def said(text: str, **more: Any) -> dict[str, Any]:
    parsed = {"intent": {"name": "ask_definition", "confidence": 0.9}, "entities": [], **more}
    parsed["intent_ranking"] = [parsed["intent"]]
    return {"event": "user", "text": text, "parse_data": parsed, "input_channel": "web", **parsed}


def run(
    action: Action,
    *messages: dict[str, Any],
    slots: dict[str, Any] | None = None,
    form: str | None = None,
) -> tuple[str, dict[str, Any]]:
    """What was said to the last message, and the slots that were set."""
    loop = {"name": form} if form else {}
    tracker = Tracker(
        "person", slots or {}, messages[-1], list(messages), False, None, loop, "action_listen"
    )
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, {}))
    return dispatcher.messages[0]["text"], {each["name"]: each["value"] for each in events}


def test_a_question_without_an_answer_is_noted(collected: Collected) -> None:
    text, _ = run(ActionAnswerQuestion(), said(UNKNOWN))
    assert text.startswith(wording.DONT_KNOW)
    (noted,) = collected.noted
    assert (noted.conversation_id, noted.channel, noted.text) == ("person", "web", UNKNOWN)
    assert noted.missed.kind == "unknown"
    assert len(noted.missed.sections) == 3


def test_an_answer_is_no_gap(collected: Collected) -> None:
    run(ActionAnswerQuestion(), said("what is CBT?"))
    assert collected.noted == []


def test_another_subject_is_noted_as_such(collected: Collected) -> None:
    football = said("who won the football game", intent={"name": "out_of_scope"})
    text, _ = run(ActionAnswerQuestion(), football)
    assert text == wording.NOT_MY_FIELD
    assert [noted.missed.kind for noted in collected.noted] == ["out_of_scope"]


def test_that_is_not_what_i_asked_notes_what_was_asked(collected: Collected) -> None:
    question = said("what is CBT?")
    _, slots = run(ActionAnswerQuestion(), question)
    rejected = said("not that", previous_text="what is CBT?")
    run(ActionOfferAlternatives(), question, rejected, slots=slots)
    (noted,) = collected.noted
    assert (noted.missed.kind, noted.text) == ("not_what_was_asked", "what is CBT?")
    assert "cbt" in noted.missed.topics
    assert noted.missed.sections == tuple(key for key, _ in slots[MEMORY_SLOT]["latest"])


def test_that_is_not_what_i_asked_without_an_answer_is_no_gap(collected: Collected) -> None:
    run(ActionOfferAlternatives(), said("not that"))
    assert collected.noted == []


@pytest.mark.parametrize(
    ("slots", "form", "more"),
    [
        ({"crisis": {"situation": "suicide"}}, None, {}),
        ({}, "signup_form", {}),
        ({}, None, {"emergency": {"situation": "suicide"}}),
        ({}, None, {"metadata": {"crisis": {"situation": "suicide"}}}),
    ],
)
def test_emergencies_and_forms_are_private(
    collected: Collected, slots: dict[str, Any], form: str | None, more: dict[str, Any]
) -> None:
    text, _ = run(ActionAnswerQuestion(), said(UNKNOWN, **more), slots=slots, form=form)
    assert text.startswith(wording.DONT_KNOW)
    assert collected.noted == []


def test_a_broken_recorder_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Any:
        raise ValueError(UNKNOWN)

    monkeypatch.setattr(gaps, "recorder", broken)
    with caplog.at_level(logging.DEBUG):
        text, _ = run(ActionAnswerQuestion(), said(UNKNOWN))
    assert text.startswith(wording.DONT_KNOW)
    assert "A content gap could not be noted: ValueError." in caplog.text
    assert "mud baths" not in caplog.text
