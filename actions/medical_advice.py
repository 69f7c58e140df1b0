"""Declines advice on one person's medicine, dose, symptoms or diagnosis."""

from __future__ import annotations

from actions.base import FixedFirstAction
from assistant.answers import wording
from assistant.message import Message


class ActionDeclineMedicalAdvice(FixedFirstAction):
    """Says who can give the advice that the assistant must not."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_decline_medical_advice"

    def message(self) -> Message:
        """The fixed words, and Poison Help."""
        return Message("no_answer", wording.MEDICAL_ADVICE, resources=(wording.POISON_HELP_LINK,))
