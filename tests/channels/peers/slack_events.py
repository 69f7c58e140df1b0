"""What Slack sends to an app: events and interactions, signed by Slack's own SDK."""

from __future__ import annotations

import itertools
import json
import time
import urllib.parse
from typing import Any

import httpx

from extensions import lean_imports

# Where tests run without Rasa's heavy libraries, this one is needed after all.
lean_imports.bring("slack_sdk")
from slack_sdk.signature import SignatureVerifier  # noqa: E402

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT_USER = "UBOT00001"
_RETRIES = 3
_RETRY_SECONDS = 0.5


class SlackEvents:
    """Makes and delivers events, each with an id of its own."""

    def __init__(self, secret: str = SECRET) -> None:
        """Takes the app's signing secret."""
        super().__init__()
        self._secret = secret
        self._numbers = itertools.count(1)

    def event(self, inner: dict[str, Any], event_id: str | None = None) -> dict[str, Any]:
        """An event as the Events API wraps it."""
        return {
            "token": "deprecated",
            "team_id": "T0001",
            "api_app_id": "A0001",
            "event": inner,
            "type": "event_callback",
            "event_id": event_id or f"Ev{next(self._numbers):08d}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": "T0001", "user_id": BOT_USER, "is_bot": True}],
            "is_ext_shared_channel": False,
            "event_context": "4-loopback",
        }

    def message(self, user: str, text: str, /, **changes: Any) -> dict[str, Any]:
        """A direct message; `changes` make it anything else that Slack calls a message."""
        # Slack escapes these three, and no others.
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        inner = {
            "type": "message",
            "channel": channel_of(user),
            "user": user,
            "text": escaped,
            "ts": f"{time.time():.6f}",
            "event_ts": f"{time.time():.6f}",
            "client_msg_id": f"c-{next(self._numbers)}",
            "team": "T0001",
            "channel_type": "im",
            **changes,
        }
        return self.event({name: value for name, value in inner.items() if value is not None})

    def mention(self, user: str, text: str, channel: str = "C0001") -> dict[str, Any]:
        """The app is named in a channel that others read, too."""
        stamp = f"{time.time():.6f}"
        return self.event(
            {
                "type": "app_mention",
                "user": user,
                "text": f"<@{BOT_USER}> {text}",
                "ts": stamp,
                "channel": channel,
                "event_ts": stamp,
            }
        )

    def press(self, user: str, value: str, /, **changes: Any) -> dict[str, Any]:
        """A button is pressed: the payload of an interaction."""
        return {
            "type": "block_actions",
            "user": {"id": user, "username": "person", "team_id": "T0001"},
            "api_app_id": "A0001",
            "token": "deprecated",
            "container": {
                "type": "message",
                "message_ts": "1700000000.000100",
                "channel_id": channel_of(user),
                "is_ephemeral": False,
            },
            "trigger_id": f"13345224609.738474920.{next(self._numbers):08d}",
            "team": {"id": "T0001", "domain": "loopback"},
            "channel": {"id": channel_of(user), "name": "directmessage"},
            "response_url": "https://hooks.slack.com/actions/T0001/1/x",
            "actions": [
                {
                    "action_id": "choice-0",
                    "block_id": "b",
                    "text": {"type": "plain_text", "text": "?", "emoji": True},
                    "value": value,
                    "type": "button",
                    "action_ts": f"{time.time():.6f}",
                }
            ],
            **changes,
        }

    def signed(self, body: bytes, at: float | None = None) -> dict[str, str]:
        """The headers that prove where a request comes from."""
        stamp = str(int(time.time() if at is None else at))
        signature = SignatureVerifier(self._secret).generate_signature(timestamp=stamp, body=body)
        assert signature is not None
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}

    def deliver(
        self, url: str, event: dict[str, Any], retry: int = 0, at: float | None = None
    ) -> httpx.Response:
        """Sends an event as JSON, or an interaction as a form; again where the server fails."""
        reply = self._sent(url, event, retry, at)
        while reply.status_code >= 500 and retry < _RETRIES:
            # Slack waits longer than that after the first time.
            time.sleep(_RETRY_SECONDS)
            retry += 1
            reply = self._sent(url, event, retry, at)
        return reply

    def _sent(
        self, url: str, event: dict[str, Any], retry: int, at: float | None
    ) -> httpx.Response:
        body, kind = encoded(event)
        headers = {"Content-Type": kind, **self.signed(body, at)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        # Slack waits three seconds.
        return httpx.post(url, content=body, headers=headers, timeout=3)


def encoded(event: dict[str, Any]) -> tuple[bytes, str]:
    """The body of a request and its content type."""
    if event["type"] == "block_actions":
        form = urllib.parse.urlencode({"payload": json.dumps(event)})
        return form.encode(), "application/x-www-form-urlencoded"
    return json.dumps(event).encode(), "application/json"


def channel_of(user: str) -> str:
    """The direct conversation of a person with the app."""
    return f"D{user[1:]}"
