"""What is known of a conversation's latest emergency, and the fixed texts about it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from rasa_sdk import Tracker

from assistant.safety.protocol import Crisis, Protocol
from assistant.safety.resources import crisis_texts

CRISIS = "crisis"


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
    return replace(told, told=kept.told) if told and kept else told or kept
