"""What a bare yes or no means depends on what was said right before it."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import GuardedAction, latest_text, send
from actions.emergencies import (
    CRISIS,
    answers_emergency,
    crisis_of,
    protocol,
    reply_before,
    still_here,
)
from assistant.answers import wording
from assistant.forms.kept import FORM
from assistant.safety.resources import crisis_texts
from assistant.safety.spanish import load_spanish


class ActionTakeYes(GuardedAction):
    """After where to get help, that people are there; after an offer of the sign-up, its form."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_take_yes"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends what fits, or begins the form; else asks what is to be answered."""
        before = crisis_of(tracker)
        if before is not None and answers_emergency(tracker):
            message, events = still_here(tracker, before)
            send(dispatcher, message)
            return events
        if _had_sign_up(tracker):
            return [FollowupAction(FORM)]
        spanish = load_spanish()
        if spanish.is_yes(latest_text(tracker)):
            send(dispatcher, spanish.reply(latest_text(tracker), crisis_texts()))
            return []
        dispatcher.utter_message(response="utter_small_talk_affirm")
        return []


class ActionTakeNo(GuardedAction):
    """After where to get help: a no may mean that all is well, and may not."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_take_no"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends what fits."""
        before = crisis_of(tracker)
        if before is None or not answers_emergency(tracker):
            dispatcher.utter_message(response="utter_small_talk_deny")
            return []
        message, after = protocol().follow_up("crisis_retracted", before)
        send(dispatcher, message or protocol().still_here(before))
        return [SlotSet(CRISIS, after.as_dict())] if after else []


def _had_sign_up(tracker: Tracker) -> bool:
    return wording.BEGIN_SIGN_UP in reply_before(tracker).get("payloads", ())
