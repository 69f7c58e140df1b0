"""What comes in over a messaging channel, and why something cannot be sent."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.errors import AssistantError

# A text; a choice that was pressed; anything else, such as a picture or a voice message.
Kind = Literal["text", "choice", "other"]


@dataclass(frozen=True)
class Incoming:
    """One message from one person, in a conversation that nobody else reads.

    Attributes:
        event_id: the platform's; a repeated one is the same message again.
        person: the platform's id or number of who writes; kept as a keyed hash.
        address: where the answer goes, as the channel's `send` takes it; encrypted
            where it is kept.
        kind: what it is.
        text: what was written, of any length; beside a picture its caption.
        choice: the id of the choice that was pressed.
        extra: what else the channel wants to know of it when it is answered; JSON.
    """

    event_id: str
    person: str
    address: str
    kind: Kind = "text"
    text: str | None = None
    choice: str | None = None
    extra: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON form; it is only ever kept encrypted."""
        return asdict(self)


class NotSentError(AssistantError):
    """The platform did not take a message; the reason holds no word of it.

    Attributes:
        final: whether it never will, such as a number that does not exist.
        retry_after: for how long the platform wants nothing at all, in seconds.
    """

    def __init__(self, reason: str, final: bool = False, retry_after: float | None = None) -> None:
        """Takes a reason for the log: an HTTP status or the class of an error."""
        super().__init__(reason)
        self.final = final
        self.retry_after = retry_after


def not_sent(status: int, retry_after: str | float | None = None) -> NotSentError:
    """The error for an HTTP status that a platform has refused a message with.

    Args:
        status: 429 and 5xx are tried again, and 401, since a new token may be on its way;
            others are final.
        retry_after: the header, or what stands for it, in seconds.
    """
    try:
        seconds = None if retry_after is None else max(0.0, float(retry_after))
    except ValueError:
        # A date is allowed there, too; no platform here sends one.
        seconds = None
    again = status in (401, 408, 425, 429) or status >= 500
    return NotSentError(f"HTTP {status}", not again, seconds if again else None)
