"""What a question's action does with what may be small talk, and what aspect it hears."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.questions import ActionAnswerQuestion, asked_aspect
from assistant.answers import wording


def _message(text: str, *guesses: tuple[str, float]) -> dict[str, Any]:
    ranking = [{"name": name, "confidence": share} for name, share in guesses]
    return {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": []}


def _said(message: dict[str, Any]) -> list[dict[str, Any]]:
    tracker = Tracker("person", {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    asyncio.run(ActionAnswerQuestion().run(dispatcher, tracker, {}))
    return dispatcher.messages


def test_what_the_articles_answer_goes_before_small_talk() -> None:
    (sent,) = _said(_message("so what is CBT", ("nlu_fallback", 0.35), ("chat", 0.5)))
    assert sent["message"]["kind"] == "answer"


@pytest.mark.parametrize(
    ("intent", "response"),
    [("chat", "utter_small_talk_chat"), ("ask_identity", "utter_small_talk_identity")],
)
def test_likely_small_talk_without_an_answer_gets_its_text(intent: str, response: str) -> None:
    message = _message("the moon looks so yellow", ("nlu_fallback", 0.35), (intent, 0.5))
    assert [sent["response"] for sent in _said(message)] == [response]


def test_a_likely_feeling_is_answered_as_one() -> None:
    message = _message("everything feels so grey", ("nlu_fallback", 0.35), ("share_feeling", 0.5))
    (sent,) = _said(message)
    assert sent["message"]["text"].startswith(wording.FEELING)


def test_an_unlikely_guess_is_no_small_talk() -> None:
    message = _message("the moon looks so yellow", ("nlu_fallback", 0.35), ("chat", 0.2))
    (sent,) = _said(message)
    assert sent["message"]["kind"] == "no_answer"


@pytest.mark.parametrize(
    ("guesses", "aspect"),
    [
        ([("ask_cost", 0.4), ("ask_duration", 0.3)], "cost"),
        ([("ask_follow_up", 0.6), ("chat", 0.2), ("ask_duration", 0.1)], "duration"),
        ([("ask_follow_up", 0.9), ("ask_duration", 0.01)], None),
        ([("thank", 0.9), ("ask_cost", 0.2)], None),
    ],
)
def test_the_likeliest_kind_of_question_says_what_is_asked(
    guesses: list[tuple[str, float]], aspect: str | None
) -> None:
    assert asked_aspect(_message("and then", *guesses)) == aspect
