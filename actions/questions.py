"""Answers a question from the articles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import (
    AssistantAction,
    certain_answer,
    latest_text,
    latest_vector,
    send,
    share_of,
)
from actions.emergencies import in_danger
from actions.guidance import ActionAnswerFeeling, ActionOfferTopics
from actions.small_talk import SMALL_TALK, say_small_talk
from actions.yes_and_no import ActionTakeNo, ActionTakeYes
from assistant.answers.clarifying import SECTION
from assistant.answers.compose import Composer, Reply
from assistant.answers.memory import Memory
from assistant.corpus.model import aspect_of_intent

_OUT_OF_SCOPE = "out_of_scope"
_PROVIDER = "ask_provider"
_SIGN_UP = "start_signup"
_FALLBACK = "nlu_fallback"
_ANY_ASPECT = frozenset({"ask_follow_up", _FALLBACK})
_LIKELY_ASPECT = 0.1
_GUIDED = {
    "ask_help": ActionOfferTopics(),
    "share_feeling": ActionAnswerFeeling(),
    "affirm": ActionTakeYes(),
    "deny": ActionTakeNo(),
}
# As the fallback's own threshold: below it nothing is guessed.
_GUESS = 0.35
# An offer costs little: one in ten who may mean it are enough. Of our own questions that mean
# something else, fewer than three in a hundred get one.
_MAY_WANT_IN = 0.1


def _guessed_small_talk(message: Mapping[str, Any]) -> str | None:
    """The intent of small talk that the NLU guesses at without being sure; None for none."""
    if (message.get("intent") or {}).get("name") != _FALLBACK:
        return None
    name, share = next((each for each in _guesses(message) if each[0] != _FALLBACK), ("", 0.0))
    return name if share >= _GUESS and (name in SMALL_TALK or name in _GUIDED) else None


def _guesses(message: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The NLU's guesses at the intent and how likely each is, likeliest first."""
    ranking = message.get("intent_ranking") or []
    return [(str(each["name"]), float(each["confidence"])) for each in ranking]


def asked_aspect(message: Mapping[str, Any]) -> str | None:
    """What is asked of the topic, where the NLU's intent of a message says it.

    Of what leans on the answer before, or leaves the NLU in doubt, its likeliest kind of
    question says so where it is likely enough.
    """
    name = str((message.get("intent") or {}).get("name") or "")
    guesses = _guesses(message) if name in _ANY_ASPECT else [(name, 1.0)]
    likely = [guess for guess, share in guesses if share >= _LIKELY_ASPECT]
    return next(filter(None, map(aspect_of_intent, likely)), None)


class ActionAnswerQuestion(AssistantAction):
    """Quotes the sentences that answer, or says that the articles have none.

    What may be small talk, and may lean on the answer before, is looked up first: small
    talk is answered where the articles have no certain answer.
    """

    def name(self) -> str:
        """The name that the rules use."""
        return "action_answer_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answers, or replies to what the message may have been."""
        guess = _guessed_small_talk(tracker.latest_message or {})
        if guess is None or in_danger(tracker) is not None:
            return await super().run(dispatcher, tracker, domain)
        answer = certain_answer(self.name(), tracker)
        if answer is not None:
            send(dispatcher, answer.message)
            return answer.events
        if guess in _GUIDED:
            return await _GUIDED[guess].run(dispatcher, tracker, domain)
        return say_small_talk(guess, dispatcher, tracker)

    def reply(self, composer: Composer, tracker: Tracker, memory: Memory) -> Reply:
        """Answers the latest message."""
        chosen = next(tracker.get_latest_entity_values(SECTION), None)
        if chosen is not None:
            return composer.section(str(chosen), memory)
        intent = tracker.get_intent_of_latest_message() or ""
        # Right after an emergency an answer that is beside the point does harm.
        doubted = intent == _OUT_OF_SCOPE or in_danger(tracker) is not None
        return composer.answer(
            latest_text(tracker),
            memory,
            aspect=asked_aspect(tracker.latest_message or {}),
            in_field=not doubted,
            of_provider=intent == _PROVIDER,
            wants_in=share_of(tracker, _SIGN_UP) >= _MAY_WANT_IN,
            vector=latest_vector(tracker),
        )
