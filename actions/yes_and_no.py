"""What a bare yes or no means depends on what was said right before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import GuardedAction, latest_text, send
from actions.emergencies import CRISIS, crisis_of, protocol
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
        last = list(_said_last(tracker))
        before = crisis_of(tracker)
        if before is not None and _is_crisis(last):
            send(dispatcher, protocol().still_here(before))
            return []
        if any(choice.get("payload") == wording.BEGIN_SIGN_UP for choice in _choices(last)):
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
        if before is None or not _is_crisis(list(_said_last(tracker))):
            dispatcher.utter_message(response="utter_small_talk_deny")
            return []
        message, after = protocol().follow_up("crisis_retracted", before)
        send(dispatcher, message or protocol().still_here(before))
        return [SlotSet(CRISIS, after.as_dict())] if after else []


def _is_crisis(said: list[Mapping[str, Any]]) -> bool:
    return any(message.get("kind") == "crisis" for message in said)


def _choices(said: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for message in said:
        yield from message.get("choices") or []


def _said_last(tracker: Tracker) -> Iterator[Mapping[str, Any]]:
    """The messages that answered the person's last message but one."""
    starts = [at for at, event in enumerate(tracker.events) if event["event"] == "user"]
    if not starts:
        return
    turn = tracker.events[starts[-2] if len(starts) > 1 else 0 : starts[-1]]
    for event in turn:
        message = (event.get("metadata") or {}).get("message") if event["event"] == "bot" else None
        if isinstance(message, Mapping):
            yield message
