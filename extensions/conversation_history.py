"""From the events of a conversation to what is kept of it, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.shared.core.events import (
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.forms.kept import FORGET


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What is true after a turn, for the turns that will no longer read its events."""
    slots = tracker.current_slot_values()
    return {
        "slots": {n: value for n, value in slots.items() if value is not None and n != FORGET},
        "active_loop": tracker.active_loop_name,
        "paused": tracker.is_paused(),
    }


def wish_to_forget(events: Iterable[Event]) -> str | None:
    """What an action wants to be forgotten; None for nothing."""
    wishes = [e.value for e in events if isinstance(e, SlotSet) and e.key == FORGET and e.value]
    return wishes[-1] if wishes else None


def history_of(events: list[dict[str, Any]], before: dict[str, Any] | None) -> list[Event]:
    """The events that a tracker is made of.

    Args:
        events: of the last turns, as dictionaries.
        before: the state before them; None when they are all there is.
    """
    starts = [at for at, event in enumerate(events) if event["event"] == SessionStarted.type_name]
    if starts:
        # A session starts afresh; what was before it counts no more.
        return deserialise_events(events[starts[-1] :])
    return _left_behind(before) + deserialise_events(events)


def _left_behind(state: dict[str, Any] | None) -> list[Event]:
    if state is None:
        return []
    events: list[Event] = [SlotSet(name, value) for name, value in state["slots"].items()]
    if state["active_loop"]:
        events.append(ActiveLoop(state["active_loop"]))
    if state["paused"]:
        events.append(ConversationPaused())
    return events
