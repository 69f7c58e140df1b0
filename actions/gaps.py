"""Notes what the articles did not answer, for editors; costs the message nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker

from actions.knowledge import composer
from assistant.gaps.model import Missed, Observation
from assistant.gaps.recorder import Recorder
from assistant.gaps.redaction import Redactor
from assistant.gaps.store import GapStore
from assistant.gaps.vocabulary import vocabulary_of
from assistant.settings import load_settings

logger = logging.getLogger(__name__)

_CRISIS = "crisis"
# Where the NLU component leaves what was noticed (extensions/emergencies.py).
_VERDICT = "emergency"


@lru_cache(maxsize=1)
def recorder() -> Recorder:
    """This process's recorder.

    It knows the words of the articles as they were at its first gap; a newer edition's
    own words are left out until the next start, which errs on the right side.
    """
    settings = load_settings()
    return Recorder(
        lambda: Redactor(vocabulary_of(composer().corpus, settings.models_dir)),
        lambda: GapStore(settings),
        settings.gaps,
    )


def note_gap(tracker: Tracker, missed: Missed | None) -> None:
    """Takes note of a question that got no answer. Never raises.

    Nothing is noted of a conversation in which an emergency was noticed, and nothing
    while a form is being filled in.

    Args:
        tracker: the conversation.
        missed: what was not answered; None where nothing was missed.
    """
    if missed is None:
        return
    try:
        if not _is_private(tracker):
            recorder().offer(_observation(tracker, missed))
    except Exception as error:
        logger.error("A content gap could not be noted: %s.", type(error).__name__)


def _observation(tracker: Tracker, missed: Missed) -> Observation:
    text = (tracker.latest_message or {}).get("text") or ""
    if missed.kind == "not_what_was_asked":
        # "That is not what I asked" says nothing; what was asked stands before it.
        said = [event.get("text") or "" for event in _said(tracker)]
        text = said[-2] if len(said) > 1 else ""
    channel = tracker.get_latest_input_channel() or "unknown"
    return Observation(tracker.sender_id, channel, "" if text.startswith("/") else text, missed)


def _is_private(tracker: Tracker) -> bool:
    latest = tracker.latest_message or {}
    if (tracker.active_loop or {}).get("name") or tracker.get_slot(_CRISIS):
        return True
    if (latest.get("metadata") or {}).get(_CRISIS):
        return True
    parsed = [latest, *(event.get("parse_data") or {} for event in _said(tracker))]
    return any(each.get(_VERDICT) for each in parsed)


def _said(tracker: Tracker) -> Iterator[dict[str, Any]]:
    return (event for event in tracker.events if event.get("event") == "user")
