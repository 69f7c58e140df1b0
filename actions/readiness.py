"""Answers a real question, so that "ready" means that a question can be answered."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.knowledge import knowledge
from assistant.answers.memory import Memory
from assistant.errors import AssistantError


class ActionCheckReadiness(Action):
    """Asks the corpus its own first question; for the health check, not for people."""

    def name(self) -> str:
        """The name that the health check uses."""
        return "action_check_readiness"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Says which articles are answered from.

        Raises:
            AssistantError: no question can be answered; the call then fails.
        """
        known = knowledge()
        question = known.composer.own_question()
        if known.composer.answer(question, Memory()).message.kind != "answer":
            raise AssistantError("The corpus does not answer its own first question.")
        articles = {"edition": known.composer.edition, "problem": known.problem}
        dispatcher.utter_message(articles=articles)
        return []
