"""What a check finds, and how it asks a platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from assistant.errors import SettingsError
from assistant.messaging_settings import CREDENTIALS
from assistant.settings import Settings

_SECONDS = 15


@dataclass(frozen=True)
class Finding:
    """One sentence of a check.

    Attributes:
        text: what is right; or what is wrong, with how to mend it. Never a secret.
        good: False for a fault.
    """

    text: str
    good: bool = True


Findings = Iterator[Finding]


class FaultError(Exception):
    """A fault after which nothing more can be looked at; the message is its sentence."""


@dataclass(frozen=True)
class Reply:
    """What a platform answered; the body is empty where it is no JSON object."""

    status: int
    headers: httpx.Headers
    body: dict[str, Any]


def ask(platform: str, method: str, url: str, **options: Any) -> Reply:
    """Asks a platform.

    Args:
        platform: its name, for people.
        method: of HTTP.
        url: may hold a secret; it is not shown.
        options: as httpx takes them.

    Raises:
        FaultError: it cannot be reached, or is out of order.
    """
    try:
        reply = httpx.request(method, url, timeout=_SECONDS, **options)
    except httpx.HTTPError as error:
        # The class alone: an error's message can hold the address, and that a token.
        raise FaultError(
            f"{platform} cannot be reached from here ({type(error).__name__}): see whether this "
            "machine may open connections to it."
        ) from None
    if reply.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise FaultError(
            f"{platform} is out of order ({reply.status_code}): try again in some minutes."
        )
    if reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise FaultError(f"{platform} was asked too often: try again in some minutes.")
    try:
        body = reply.json()
    except ValueError:
        body = {}
    return Reply(reply.status_code, reply.headers, body if isinstance(body, dict) else {})


def require_on(settings: Settings, channel: str) -> None:
    """Raises FaultError when a channel is off, or set by halves."""
    try:
        on = settings.is_on(channel)
    except SettingsError as error:
        raise FaultError(f"{error} Until then the assistant does not start.") from None
    if not on:
        missing = ", ".join(name.upper() for name in CREDENTIALS[channel])
        raise FaultError(f"The channel {channel} is off: set {missing}.")
