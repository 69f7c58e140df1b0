"""Declines advice on one person's medicine, dose, symptoms or diagnosis."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import AssistantAction
from assistant.answers import wording
from assistant.answers.compose import Composer, Reply
from assistant.answers.memory import Memory
from assistant.message import Message


class ActionDeclineMedicalAdvice(AssistantAction):
    """Says who can give the advice that the assistant must not."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_decline_medical_advice"

    def reply(self, composer: Composer, tracker: Tracker, memory: Memory) -> Reply:
        """The fixed words, and Poison Help."""
        message = Message(
            "no_answer", wording.MEDICAL_ADVICE, resources=(wording.POISON_HELP_LINK,)
        )
        return Reply(message, memory)
