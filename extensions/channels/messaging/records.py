"""What the rows of a messaging channel say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extensions.channels.messaging.incoming import Incoming


@dataclass(frozen=True)
class Noted:
    """A message that has been noted and is to be answered."""

    id: int
    conversation: str
    incoming: Incoming


@dataclass(frozen=True)
class Post:
    """Something to send: `message` is what the channel's `render` made."""

    id: int
    conversation: str
    address: str
    message: dict[str, Any]
    attempts: int
    created_at: float


@dataclass(frozen=True)
class Contact:
    """What is known of a conversation; times in seconds since 1970, None for never."""

    seen_at: float | None = None
    told_at: float | None = None
    stopped_at: float | None = None
    later: tuple[dict[str, Any], ...] = ()
