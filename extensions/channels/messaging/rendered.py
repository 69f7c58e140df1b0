"""What a channel makes of a reply, and what a reception asks of its channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels.messaging.desk import Messages
from extensions.channels.messaging.incoming import Incoming
from extensions.channels.messaging.records import Noted


@dataclass(frozen=True)
class Rendered:
    """A reply as the platform takes it.

    Attributes:
        now: what is sent, in the form that the channel's `send` takes; JSON.
        later: the rest of a long reply, piece by piece; each is sent when the person
            writes one of its `words`.
    """

    now: list[dict[str, Any]]
    later: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Commanded:
    """The reply to what only one channel understands, such as STOP.

    Attributes:
        messages: what is said; none is silence.
        known: columns of the contact that change with it.
    """

    messages: Messages
    known: dict[str, Any] = field(default_factory=dict)


class Channel(Protocol):
    """What a reception needs of its channel; `base.MessagingChannel` says what it is."""

    settings: Settings
    provider: Provider
    pause: float

    async def send(self, address: str, message: dict[str, Any]) -> None:
        """Hands one message to the platform."""

    def render(self, messages: Messages, to: Incoming) -> Rendered:
        """Makes what `send` takes."""

    def opening(self, to: Incoming) -> dict[str, Any]:
        """What a conversation begins with."""

    async def command(self, noted: Noted) -> Commanded | None:
        """The reply to what only this channel understands."""

    async def catch_up(self) -> None:
        """Does what could not be done before."""
