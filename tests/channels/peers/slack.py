"""Slack on loopback: its Web API, and events signed as Slack signs them.

After docs.slack.dev: verifying requests, Events API (url_verification, retries), block_actions,
chat.postMessage, rate limits. What Slack refuses is refused here with the same error.
"""

from __future__ import annotations

import itertools
import json
import time
import urllib.parse
from dataclasses import dataclass
from typing import Any

import httpx

from extensions import lean_imports
from tests.channels.peers.loopback import Call, Failure, LoopbackPlatform

# Where tests run without Rasa's heavy libraries, this one is needed after all.
lean_imports.bring("slack_sdk")
from slack_sdk.signature import SignatureVerifier  # noqa: E402

TOKEN = "xoxb-loopback-1"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT_USER = "UBOT00001"
_SECTION = 3000
_BLOCKS = 50
_BUTTONS = 25
_TITLE = 75
_VALUE = 2000
_RETRIES = 3
_RETRY_SECONDS = 0.5


@dataclass(frozen=True)
class Posted:
    """A message that a person sees."""

    channel: str
    text: str
    blocks: list[dict[str, Any]]

    @property
    def shown(self) -> str:
        """What is read: the text of all blocks, or the plain text where there are none."""
        texts = [
            piece["text"]
            for block in self.blocks
            for piece in (block.get("elements") or [block.get("text")])
            if block["type"] != "actions" and piece and isinstance(piece.get("text"), str)
        ]
        return "\n".join(texts) if self.blocks else self.text

    @property
    def buttons(self) -> dict[str, str]:
        """The values of the buttons by their titles."""
        return {
            element["text"]["text"]: element["value"]
            for block in self.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        }


class SlackPeer(LoopbackPlatform):
    """Slack, with one workspace in which our app is installed.

    Attributes:
        scopes: what the token may do.
    """

    def __init__(self, token: str = TOKEN, secret: str = SECRET) -> None:
        super().__init__()
        self._token = token
        self._secret = secret
        self._numbers = itertools.count(1)
        self.scopes = "app_mentions:read,chat:write,im:history"

    @property
    def api(self) -> str:
        """The base of the Web API."""
        return f"{self.address}/api/"

    @property
    def posted(self) -> list[Posted]:
        """The messages that were accepted, in order."""
        return list(self._accepted)

    def __enter__(self) -> SlackPeer:
        self._accepted: list[Posted] = []
        super().__enter__()
        return self

    def to(self, channel: str) -> list[Posted]:
        """The messages in one conversation."""
        return [posted for posted in self._accepted if posted.channel == channel]

    def limit_rate(self, seconds: int, times: int = 1) -> None:
        """Answers 429, as Slack does when too much is posted."""
        body = {"ok": False, "error": "ratelimited"}
        headers = {"Retry-After": str(seconds)}
        self.fail(Failure(429, headers, body, only="chat.postMessage"), times)

    def break_down(self, times: int = 1) -> None:
        """Answers 500 without JSON."""
        self.fail(Failure(500, only="chat.postMessage"), times)

    def respond(self, call: Call) -> tuple[int, dict[str, str], Any]:
        if not call.path.startswith("/api/"):
            return 404, {}, {}
        headers = {"X-OAuth-Scopes": self.scopes}
        given = call.headers.get("authorization", "").removeprefix("Bearer ")
        if given != self._token:
            return 200, headers, {"ok": False, "error": "invalid_auth"}
        method = call.path.removeprefix("/api/")
        answers = {"auth.test": self._tell_who, "chat.postMessage": self._post}
        if method not in answers:
            return 200, headers, {"ok": False, "error": "unknown_method"}
        return 200, headers, answers[method](call)

    def _tell_who(self, call: Call) -> dict[str, Any]:
        return {
            "ok": True,
            "url": "https://loopback.slack.com/",
            "team": "Loopback",
            "user": "assistant",
            "team_id": "T0001",
            "user_id": BOT_USER,
            "bot_id": "B0001",
            "is_enterprise_install": False,
        }

    def _post(self, call: Call) -> dict[str, Any]:
        body = call.body
        blocks = body.get("blocks") or []
        blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
        error = refusal(body, blocks)
        if error:
            return {"ok": False, "error": error}
        self._accepted.append(Posted(body["channel"], body.get("text", ""), blocks))
        stamp = f"{time.time():.6f}"
        return {"ok": True, "channel": body["channel"], "ts": stamp, "message": {"ts": stamp}}

    # What Slack sends.

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
            "response_url": f"{self.address}/actions/T0001/1/x",
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


def refusal(body: dict[str, Any], blocks: list[dict[str, Any]]) -> str | None:
    """Slack's error for a message that it does not take; None for one that it takes."""
    if not body.get("channel"):
        return "channel_not_found"
    if not body.get("text") and not blocks:
        return "no_text"
    if len(body.get("text", "")) > 40_000:
        return "msg_too_long"
    wrong = len(blocks) > _BLOCKS or not all(map(_is_valid, blocks))
    names = [element["action_id"] for block in blocks for element in _pressed(block)]
    return "invalid_blocks" if wrong or len(names) != len(set(names)) else None


def _pressed(block: dict[str, Any]) -> list[dict[str, Any]]:
    return list(block["elements"]) if block.get("type") == "actions" else []


def _is_valid(block: dict[str, Any]) -> bool:
    if block.get("type") == "section":
        return 1 <= len(block["text"]["text"]) <= _SECTION
    if block.get("type") == "context":
        return 1 <= len(block["elements"]) <= 10
    if block.get("type") == "actions":
        return 1 <= len(block["elements"]) <= _BUTTONS and all(
            1 <= len(element["text"]["text"]) <= _TITLE
            and element["text"]["type"] == "plain_text"
            and len(element.get("value", "")) <= _VALUE
            and len(element.get("url", "")) <= _SECTION
            and len(element["action_id"]) <= 255
            for element in block["elements"]
        )
    return block.get("type") in ("divider", "header")
