"""Answers a real question, so that "ready" means that a question can be answered."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import AssistantAction
from assistant.answers.compose import Composer, Reply
from assistant.answers.memory import Memory
from assistant.errors import AssistantError
from assistant.message import Message


class ActionCheckReadiness(AssistantAction):
    """Asks the corpus its own first question; for the health check, not for people."""

    def name(self) -> str:
        """The name that the health check uses."""
        return "action_check_readiness"

    def reply(self, composer: Composer, tracker: Tracker, memory: Memory) -> Reply:
        """Says "ready", or fails like any action when the answer is none."""
        if not composer.answers_own_question():
            raise AssistantError("The corpus does not answer its own first question.")
        return Reply(Message("notice", "ready"), memory)
