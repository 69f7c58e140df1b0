"""Shows where to get help at once, when Rasa's NLU takes a message for an emergency."""

from __future__ import annotations

from actions.base import FixedFirstAction
from assistant.message import Message
from assistant.safety.resources import crisis_message


class ActionShowCrisisResources(FixedFirstAction):
    """Sends the fixed message; the conversation goes on as it was."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_show_crisis_resources"

    def message(self) -> Message:
        """The general message for emergencies."""
        return crisis_message()
