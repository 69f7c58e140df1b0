"""What is known of a conversation's latest emergency, and the fixed texts about it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from assistant.message import REPLY_BEFORE, Message
from assistant.safety.protocol import Crisis, Protocol
from assistant.safety.resources import crisis_texts

CRISIS = "crisis"
# How often where to get help is said in a row to what has no answer.
_SAID_AGAIN = 3


@lru_cache(maxsize=1)
def protocol() -> Protocol:
    """The fixed texts, read once.

    Raises:
        CorpusError: their file cannot be used.
    """
    return Protocol(crisis_texts())


def crisis_of(tracker: Tracker) -> Crisis | None:
    """The latest emergency of the conversation.

    The channel knows it from its own memory and sends it along; where it has
    none, or there is no such channel, the slot has it.
    """
    metadata = (tracker.latest_message or {}).get("metadata") or {}
    told = Crisis.from_dict(metadata.get(CRISIS))
    kept = Crisis.from_dict(tracker.get_slot(CRISIS))
    if told is None or kept is None:
        return told or kept
    # Only the slot knows what the actions have answered since.
    times = max(told.times, kept.times) if told.situation == kept.situation else told.times
    return replace(told, told=kept.told, times=times, over=kept.over)


def answers_emergency(tracker: Tracker) -> bool:
    """Whether the latest message follows right after where to get help was shown."""
    return "crisis" in reply_before(tracker).get("kinds", ())


def in_danger(tracker: Tracker) -> Crisis | None:
    """The emergency that was said directly, where the reply before was to it; else None.

    Whoever writes then may tell more of it, or ask what to do: that there is no answer, a
    courtesy, or an answer to what the message does not say, is no reply to that. After some
    times nothing is gained by saying it again, nor when help is there.
    """
    crisis = crisis_of(tracker)
    if crisis is None or not crisis.said or not answers_emergency(tracker):
        return None
    lasts = crisis.times <= _SAID_AGAIN and not crisis.over
    return crisis if lasts or of_help(tracker, crisis) else None


def still_here(tracker: Tracker, crisis: Crisis) -> tuple[Message, list[EventType]]:
    """The short message with where to get help, and the events that remember it.

    To whom help comes already, or is there, what to do then.
    """
    if helped := of_help(tracker, crisis):
        message, told = helped
    else:
        message, told = protocol().still_here(crisis), replace(crisis, times=crisis.times + 1)
    return message, [SlotSet(CRISIS, told.as_dict())]


def of_help(tracker: Tracker, crisis: Crisis) -> tuple[Message, Crisis] | None:
    """What to say to whom help comes or is there; None where the message says no such thing."""
    text = (tracker.latest_message or {}).get("text") or ""
    return protocol().of_help(text, crisis)


def reply_before(tracker: Tracker) -> dict[str, list[str]]:
    """What the reply before was and offered (extensions/patches/action_calls.py)."""
    return (tracker.latest_message or {}).get(REPLY_BEFORE) or {}
