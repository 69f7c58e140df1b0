"""Answers a question from the articles."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import AssistantAction, latest_text, latest_vector, share_of
from assistant.answers.clarifying import SECTION
from assistant.answers.compose import Composer, Reply
from assistant.answers.memory import Memory
from assistant.corpus.model import aspect_of_intent

_OUT_OF_SCOPE = "out_of_scope"
_PROVIDER = "ask_provider"
_SIGN_UP = "start_signup"
# An offer costs little: one in four who may mean it are enough.
_MAY_WANT_IN = 0.25


class ActionAnswerQuestion(AssistantAction):
    """Quotes the sentences that answer, or says that the articles have none."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_answer_question"

    def reply(self, composer: Composer, tracker: Tracker, memory: Memory) -> Reply:
        """Answers the latest message."""
        chosen = next(tracker.get_latest_entity_values(SECTION), None)
        if chosen is not None:
            return composer.section(str(chosen), memory)
        intent = tracker.get_intent_of_latest_message() or ""
        return composer.answer(
            latest_text(tracker),
            memory,
            aspect=aspect_of_intent(intent),
            in_field=intent != _OUT_OF_SCOPE,
            of_provider=intent == _PROVIDER,
            wants_in=share_of(tracker, _SIGN_UP) >= _MAY_WANT_IN,
            vector=latest_vector(tracker),
        )
