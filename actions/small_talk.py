"""Courtesies: a fixed text for each; right after an emergency where to get help instead."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import GuardedAction, send
from actions.emergencies import in_danger, still_here

# What the fixed texts are called, by intent.
SMALL_TALK = {
    **{
        intent: f"utter_small_talk_{intent}"
        for intent in (
            "greet",
            "goodbye",
            "thank",
            "praise",
            "frustration",
            "chat",
        )
    },
    "ask_wellbeing": "utter_small_talk_wellbeing",
    "ask_identity": "utter_small_talk_identity",
    "ask_capabilities": "utter_small_talk_capabilities",
    "ask_privacy": "utter_privacy_chat",
    "stop_form": "utter_small_talk_deny",
}


class ActionMakeSmallTalk(GuardedAction):
    """Answers thanks, a goodbye, a sigh."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_make_small_talk"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the text for the latest intent."""
        intent = tracker.get_intent_of_latest_message() or ""
        return say_small_talk(intent, dispatcher, tracker)


def say_small_talk(
    intent: str, dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[EventType]:
    """Sends the text for an intent of `SMALL_TALK`; returns what is to be remembered.

    "They're coming. Thank you, what now?" is no goodbye.
    """
    crisis = in_danger(tracker)
    if crisis is None:
        dispatcher.utter_message(response=SMALL_TALK[intent])
        return []
    message, events = still_here(tracker, crisis)
    send(dispatcher, message)
    return events
