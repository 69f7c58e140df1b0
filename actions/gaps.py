"""Notes what the articles did not answer, for editors; costs the message nothing."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from rasa_sdk import Tracker

from actions.knowledge import composer
from assistant.gaps.model import PREVIOUS_TEXT, Missed, Observation
from assistant.gaps.recorder import Recorder
from assistant.gaps.redaction import Redactor
from assistant.gaps.vocabulary import vocabulary_of
from assistant.settings import load_settings

if TYPE_CHECKING:
    from assistant.gaps.store import GapStore

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
    return Recorder(_redactor, _store, load_settings().gaps)


def _redactor() -> Redactor:
    return Redactor(vocabulary_of(composer().corpus, load_settings().models_dir))


def _store() -> GapStore:
    # Imported here, in the recorder's thread: SQLAlchemy takes a while to load.
    from assistant.gaps.store import GapStore

    return GapStore(load_settings())


def note_gap(tracker: Tracker, missed: Missed | None) -> None:
    """Takes note of a question that got no answer. Never raises.

    Nothing is noted of a conversation from an emergency on, and nothing while a form
    is being filled in.

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
    # "That is not what I asked" says nothing; what was asked stands before it.
    key = PREVIOUS_TEXT if missed.kind == "not_what_was_asked" else "text"
    text = (tracker.latest_message or {}).get(key) or ""
    channel = tracker.get_latest_input_channel() or "unknown"
    return Observation(tracker.sender_id, channel, "" if text.startswith("/") else text, missed)


def _is_private(tracker: Tracker) -> bool:
    latest = tracker.latest_message or {}
    if (tracker.active_loop or {}).get("name") or tracker.get_slot(_CRISIS):
        return True
    if (latest.get("metadata") or {}).get(_CRISIS):
        return True
    return bool(latest.get(_VERDICT))
