"""What Meta sends for a page: batches of events, escaped and signed as Meta does."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from typing import Any

import httpx

APP_SECRET = "0123456789abcdef0123456789abcdef"
PAGE = "110000000000001"
APP = "220000000000002"
_RETRIES = 3
_RETRY_SECONDS = 0.5


class MetaEvents:
    """Makes and delivers events, each with an id of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)

    def message(self, person: str, text: str | None = None, **message: Any) -> dict[str, Any]:
        """One event of a message, as it stands in `messaging`."""
        said = {} if text is None else {"text": text}
        return self._from(person, message={"mid": f"m_{next(self._numbers)}", **said, **message})

    def press(self, person: str, title: str, payload: str) -> dict[str, Any]:
        """A quick reply is pressed: a text with the payload beside it."""
        return self.message(person, title, quick_reply={"payload": payload})

    def echo(self, person: str, text: str) -> dict[str, Any]:
        """What the page itself has sent."""
        event = self.message(person, text, is_echo=True, app_id=int(APP))
        return {**event, "sender": {"id": PAGE}, "recipient": {"id": person}}

    def _from(self, person: str, **content: Any) -> dict[str, Any]:
        ends = {"sender": {"id": person}, "recipient": {"id": PAGE}}
        return {**ends, "timestamp": int(time.time() * 1000), **content}

    def deliver(
        self, url: str, *events: dict[str, Any], secret: str = APP_SECRET
    ) -> httpx.Response:
        """Sends events in one batch, signed; again where the server fails."""
        body = batch(*events)
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        reply = httpx.post(url, content=body, headers=headers, timeout=5)
        for _ in range(_RETRIES):
            if reply.status_code < 500:
                break
            # Meta waits longer than that, and goes on for hours.
            time.sleep(_RETRY_SECONDS)
            reply = httpx.post(url, content=body, headers=headers, timeout=5)
        return reply

    def verify(self, url: str, token: str, challenge: str = "1158201444") -> httpx.Response:
        """The question that Meta asks when the webhook is entered in the dashboard."""
        asked = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": token,
        }
        return httpx.get(url, params=asked, timeout=5)


def batch(*events: dict[str, Any]) -> bytes:
    """A body with an entry for each event."""
    now = int(time.time() * 1000)
    entries = [{"id": PAGE, "time": now, "messaging": [event]} for event in events]
    return escaped({"object": "page", "entry": entries})


def escaped(body: Any) -> bytes:
    """JSON as Meta writes and signs it: everything but ASCII escaped, and / < % @ too."""
    text = json.dumps(body)
    for character, code in {"/": "\\/", "<": "\\u003C", "%": "\\u0025", "@": "\\u0040"}.items():
        text = text.replace(character, code)
    return text.encode("ascii")
