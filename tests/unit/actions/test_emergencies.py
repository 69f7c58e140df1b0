"""Right after an emergency: what has no answer gets where to get help, and no brush-off."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.crisis import ActionAnswerCrisisFollowUp
from actions.emergencies import in_danger
from actions.medical_advice import ActionDeclineMedicalAdvice
from actions.questions import ActionAnswerQuestion
from actions.small_talk import ActionMakeSmallTalk
from assistant.safety.protocol import Crisis

OVERDOSE = Crisis("overdose", "other", "en")
LIKELY = replace(OVERDOSE, said=False)


def _tracker(
    text: str, intent: str, crisis: Crisis | None, kinds: tuple[str, ...] = ("crisis",)
) -> Tracker:
    guess = {"name": intent, "confidence": 0.9}
    latest = {
        "text": text,
        "intent": guess,
        "intent_ranking": [guess],
        "entities": [],
        "reply_before": {"kinds": list(kinds), "payloads": []},
    }
    slots = {"crisis": crisis.as_dict() if crisis else None}
    return Tracker("person", slots, latest, [], False, None, {}, "action_listen")


def _run(action: Action, tracker: Tracker) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, {}))
    return dispatcher.messages, events


@pytest.mark.parametrize(
    ("action", "text", "intent"),
    [
        (ActionAnswerQuestion(), "she is in the kitchen", "out_of_scope"),
        (ActionAnswerQuestion(), "do we still have to go", "nlu_fallback"),
        (ActionDeclineMedicalAdvice(), "should I give her a beer?", "ask_medical_advice"),
        (ActionMakeSmallTalk(), "ok, and he is in his room", "goodbye"),
        (ActionMakeSmallTalk(), "he is a good man", "praise"),
    ],
)
def test_what_has_no_answer_gets_where_to_get_help(action: Action, text: str, intent: str) -> None:
    sent, events = _run(action, _tracker(text, intent, OVERDOSE))
    (message,) = sent
    assert message["message"]["kind"] == "crisis"
    assert "call 911 now" in message["text"]
    assert [(each["name"], each["value"]["times"]) for each in events] == [("crisis", 2)]


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionMakeSmallTalk(), "goodbye"),
        (ActionAnswerQuestion(), "nlu_fallback"),
        (ActionAnswerCrisisFollowUp(), "concerned_other"),
    ],
)
def test_who_has_called_is_not_told_to_call(action: Action, intent: str) -> None:
    said = _tracker("ok they are on their way, what now", intent, OVERDOSE)
    ((message,), events) = _run(action, said)
    assert message["message"]["kind"] == "crisis"
    assert "until help is there" in message["text"]
    assert "call 911" not in message["text"].lower()
    assert [(each["name"], each["value"]["over"]) for each in events] == [("crisis", False)]


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        (ActionMakeSmallTalk(), "share_feeling"),
        (ActionAnswerQuestion(), "nlu_fallback"),
        (ActionAnswerCrisisFollowUp(), "ask_crisis_call"),
    ],
)
def test_where_help_is_there_a_thank_you_is_one_again(action: Action, intent: str) -> None:
    ((message,), events) = _run(action, _tracker("we're at the hospital now", intent, OVERDOSE))
    assert "glad that help is there" in message["text"]
    (crisis,) = [each["value"] for each in events]
    ((after,), _) = _run(
        ActionMakeSmallTalk(), _tracker("thank you so much", "thank", Crisis.from_dict(crisis))
    )
    assert after["response"] == "utter_small_talk_thank"


def test_a_question_that_names_its_subject_is_answered() -> None:
    (message,), _ = _run(
        ActionAnswerQuestion(), _tracker("what is CBT?", "ask_definition", OVERDOSE)
    )
    assert message["message"]["kind"] == "answer"


def test_a_question_that_names_no_topic_is_answered_after_where_to_get_help() -> None:
    said = _tracker("is there a group for wives", "nlu_fallback", OVERDOSE)
    (help_first, answer), events = _run(ActionAnswerQuestion(), said)
    assert help_first["message"]["kind"] == "crisis"
    assert answer["message"]["kind"] == "answer"
    assert [each["name"] for each in events] == ["crisis", "last_answer", "topic"]


@pytest.mark.parametrize(
    ("crisis", "kinds"),
    [
        (None, ("crisis",)),
        (LIKELY, ("crisis",)),
        (OVERDOSE, ("answer",)),
        (replace(OVERDOSE, times=4), ("crisis",)),
    ],
)
def test_anything_else_goes_its_way(crisis: Crisis | None, kinds: tuple[str, ...]) -> None:
    tracker = _tracker("thank you", "thank", crisis, kinds)
    assert in_danger(tracker) is None
    (message,), _ = _run(ActionMakeSmallTalk(), tracker)
    assert message["response"] == "utter_small_talk_thank"
