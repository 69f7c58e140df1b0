"""Answers a message in Spanish: the articles are in English, and who speaks Spanish."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import GuardedAction, latest_text, send
from actions.emergencies import crisis_of, protocol
from assistant.safety.resources import crisis_texts
from assistant.safety.spanish import load_spanish


class ActionAnswerInSpanish(GuardedAction):
    """Says what there is in Spanish, and offers the English articles on what was named."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_answer_in_spanish"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the answer; after an emergency in Spanish the crisis line."""
        before = crisis_of(tracker)
        if before is not None and before.language == "es":
            send(dispatcher, protocol().still_here(before))
        else:
            send(dispatcher, load_spanish().reply(latest_text(tracker), crisis_texts()))
        return []
