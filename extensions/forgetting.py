"""What is taken out of kept turns when a form has ended, or a person wants all deleted.

Pure functions on turns as they are stored: lists of events, and the state after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.forms.kept import (
    CONTACT_SLOT,
    FORGET,
    FORM,
    NAME_SLOT,
    NEVER,
    PERSONAL,
    REMOVED,
    SLOT_PREFIX,
)
from assistant.message import CHOICE_TITLE, Message
from extensions.emergencies import CRISIS_INTENT

Event = dict[str, Any]

# An address or a number, whoever's: a text outside of the form may hold one, too.
_CONTACT = re.compile(r"\S+@\S+|\d(?:[\s().+-]*\d){6,}")
_NOTICE = Message("notice", REMOVED).as_dict()


@dataclass(frozen=True)
class Turn:
    """A kept turn.

    Attributes:
        events: what happened, in order.
        state: what was true afterwards: slots, active loop.
    """

    events: list[Event]
    state: dict[str, Any]


def as_kept(event: Event) -> Event:
    """An event as it may be kept: a message that is only to be shown is not."""
    if event["event"] == "bot" and (event.get("metadata") or {}).get(PERSONAL) == NEVER:
        return _silent(event)
    if event["event"] == "slot" and event["name"] == FORGET:
        return {**event, "value": None}
    return event


def without_answers(turns: Sequence[Turn]) -> list[Turn | None]:
    """All turns, without what was told to the form, wherever it was said."""
    told = _Told.of(turns)
    asking = False
    left: list[Turn | None] = []
    for turn in turns:
        events: list[Event] = []
        for at, event in enumerate(turn.events):
            if event["event"] == "active_loop":
                asking = event["name"] == FORM
            answer = asking and not _is_for_others(turn.events[at + 1 :], event)
            events.append(_without(event, told, answer))
        left.append(Turn(events, _state_without(turn.state)))
    return left


def only_the_last(turns: Sequence[Turn]) -> list[Turn | None]:
    """Nothing but that the last turn ended; None for a turn that is to be deleted."""
    *before, last = turns
    nothing: dict[str, Any] = {"slots": {}, "active_loop": None, "paused": False}
    kept = [_speechless(event) for event in last.events if event["event"] != "slot"]
    return [*(None for _ in before), Turn(kept, nothing)]


@dataclass(frozen=True)
class _Told:
    """Names and contacts that the form was told."""

    names: re.Pattern[str] | None
    contacts: tuple[str, ...]

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> _Told:
        names = {str(value) for value in _values(turns, NAME_SLOT)}
        words = {word for name in names for word in re.findall(r"\w{2,}", name)}
        either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        pattern = re.compile(rf"\b(?:{either})\b", re.IGNORECASE) if words else None
        return cls(pattern, tuple({str(value) for value in _values(turns, CONTACT_SLOT)}))

    def in_text(self, text: str) -> bool:
        """Whether a person's text tells a name or how somebody is reached."""
        return bool(_CONTACT.search(text) or (self.names and self.names.search(text)))

    def echoed(self, text: str) -> bool:
        """Whether a text of the assistant's holds the contact."""
        return any(contact in text for contact in self.contacts)


def _values(turns: Sequence[Turn], slot: str) -> Iterator[Any]:
    for turn in turns:
        values = [e["value"] for e in turn.events if e["event"] == "slot" and e["name"] == slot]
        yield from (value for value in (*values, turn.state["slots"].get(slot)) if value)


def _is_for_others(later: Sequence[Event], event: Event) -> bool:
    """Whether a message was no matter of the form's: it was rejected, or was an emergency."""
    if event["event"] != "user":
        return False
    intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
    if intent == CRISIS_INTENT:
        return True
    for each in later:
        if each["event"] == "user":
            return False
        if each["event"] == "action_execution_rejected" and each.get("name") == FORM:
            return True
    return False


def _without(event: Event, told: _Told, answer: bool) -> Event:
    kind = event["event"]
    if kind == "slot" and event["name"].startswith(SLOT_PREFIX):
        return {**event, "value": None}
    if kind == "user":
        return _speechless(event) if answer or told.in_text(event.get("text") or "") else event
    if kind == "bot":
        personal = PERSONAL in (event.get("metadata") or {})
        return _silent(event) if personal or told.echoed(event.get("text") or "") else event
    return event


def _speechless(event: Event) -> Event:
    """A message of the person's without its words; a pressed choice has none of them."""
    pressed = CHOICE_TITLE in (event.get("metadata") or {})
    if event["event"] != "user" or pressed or not event.get("text"):
        return event
    parsed = event.get("parse_data") or {}
    kept: dict[str, Any] = {"text": REMOVED, "intent": parsed.get("intent") or {}, "entities": []}
    return {**event, "text": REMOVED, "parse_data": kept}


def _silent(event: Event) -> Event:
    """A message of the assistant's without its words.

    What could be pressed stays, so that who presses it twice is answered.
    """
    message = (event.get("metadata") or {}).get("message") or {}
    left = {**_NOTICE, "choices": message.get("choices") or []}
    return {**event, "text": REMOVED, "metadata": {"message": left}}


def _state_without(state: dict[str, Any]) -> dict[str, Any]:
    slots = {n: value for n, value in state["slots"].items() if not n.startswith(SLOT_PREFIX)}
    loop = state["active_loop"]
    return {**state, "slots": slots, "active_loop": None if loop == FORM else loop}
