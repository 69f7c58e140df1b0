"""Whether a platform's requests reach our server: asked on the way that they take."""

from __future__ import annotations

from typing import Any

import httpx

from assistant.settings import Settings
from commands.channel_checks.findings import FaultError, Finding

_SECONDS = 15
_MENDING = {
    404: "let the web server pass this path on, and start the assistant with the channel's "
    "credentials",
    502: "start the assistant, or mend the address that the web server passes requests on to",
    503: "start the assistant, or mend the address that the web server passes requests on to",
    504: "see why the assistant does not answer in time",
}


def webhook_url(settings: Settings, channel: str) -> str:
    """Where a platform is to send its requests.

    Raises:
        FaultError: PUBLIC_URL is not set.
    """
    if not settings.public_url:
        raise FaultError(
            "PUBLIC_URL is not set: set it to where the platform reaches this server, such as "
            "https://chat.example.org."
        )
    return f"{settings.public_url.rstrip('/')}/webhooks/{channel}/webhook"


def check_reached(url: str) -> Finding:
    """Whether our server is there and refuses what is not signed.

    Raises:
        FaultError: nothing answers there, or something else.
    """
    reply = asked(url, "POST", json={})
    if reply.status_code == httpx.codes.FORBIDDEN:
        return Finding(f"The server answers at {url} and refuses what is not signed.")
    raise FaultError(_fault(url, reply))


def asked(url: str, method: str, **options: Any) -> httpx.Response:
    """What our own server answers.

    Raises:
        FaultError: nothing does.
    """
    try:
        return httpx.request(method, url, timeout=_SECONDS, **options)
    except httpx.ConnectError as error:
        if "CERTIFICATE" in str(error):
            raise FaultError(
                f"The certificate of {url} is not valid, and platforms refuse it: renew it."
            ) from None
        why = type(error).__name__
    except httpx.HTTPError as error:
        why = type(error).__name__
    raise FaultError(
        f"Nothing answers at {url} ({why}): see whether PUBLIC_URL is right, the web server runs "
        "and its port is open."
    )


def _fault(url: str, reply: httpx.Response) -> str:
    status = reply.status_code
    if reply.is_redirect:
        return (
            f"{url} redirects, which platforms do not follow: set PUBLIC_URL to the last address."
        )
    if reply.is_success:
        return f"{url} takes what is not signed: something other than this assistant answers there."
    mending = _MENDING.get(status, "see the web server's log")
    return f"{url} answers {status}: {mending}."
