"""Declines advice on one person's medicine, dose, symptoms or diagnosis."""

from __future__ import annotations

from actions.base import FixedFirstAction
from assistant.answers import wording
from assistant.answers.compose import Composer
from assistant.answers.personal import personal_advice
from assistant.message import Message


class ActionDeclineMedicalAdvice(FixedFirstAction):
    """Says who can give the advice that the assistant must not.

    General information follows where it is safe for whoever takes it as the answer. Where
    it does, and no words say that advice is asked for, the first message is a short one:
    the classifier alone takes "how do I know it is alcohol poisoning?" for such a question.
    """

    def name(self) -> str:
        """The name that the rules use."""
        return "action_decline_medical_advice"

    def message(self, text: str, answered: bool) -> Message:
        """The fixed words, and Poison Help."""
        plainly = not answered or personal_advice().is_asked_for(text)
        words = wording.MEDICAL_ADVICE if plainly else wording.MEDICAL_ADVICE_SHORT
        return Message("no_answer", words, resources=(wording.POISON_HELP_LINK,))

    def may_follow(self, composer: Composer, text: str, answer: Message) -> bool:
        """Never on a dose; on the rest as `assistant.answers.advice` decides."""
        return composer.is_safe_beside_advice(text, answer)
