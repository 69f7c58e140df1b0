"""A content gap: something that the articles did not answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

# "out_of_scope" is counted alone; of the other two a redacted text is kept.
Kind = Literal["unknown", "not_what_was_asked", "out_of_scope"]

# The key that the message before the latest is handed on under, where it was not answered.
PREVIOUS_TEXT = "previous_text"


@dataclass(frozen=True)
class Missed:
    """What is known of a question when it was not answered.

    Attributes:
        kind: why it is a gap.
        topics: glossary ids: what it named, else what the answer was about.
        sections: keys of the sections that came nearest or were shown, best first.
    """

    kind: Kind
    topics: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observation:
    """A gap on its way to the store. Its text is the person's own and is not kept.

    Attributes:
        conversation_id: whose it is; only a keyed hash of it is kept.
        channel: where it was asked.
        text: as the person wrote it.
        missed: why it was not answered.
    """

    conversation_id: str
    channel: str
    text: str
    missed: Missed


@dataclass(frozen=True)
class Gap:
    """A gap as it is kept.

    Attributes:
        kind: why it is one.
        day: when; the time of day is not kept.
        channel: where it was asked.
        conversation: a keyed hash, to erase it by and to count people by.
        text: redacted; empty where too little was left of it.
        topics: as in `Missed`.
        sections: as in `Missed`.
    """

    kind: str
    day: date
    channel: str
    conversation: str
    text: str
    topics: tuple[str, ...]
    sections: tuple[str, ...]
