"""Shows where to get help at once, when Rasa's NLU takes a message for an emergency."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import send
from assistant.safety.resources import crisis_message


class ActionShowCrisisResources(Action):
    """Sends the fixed message; it needs neither the corpus nor the encoder."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_show_crisis_resources"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Sends it; the conversation goes on as it was."""
        send(dispatcher, crisis_message())
        return []
