"""Slack on loopback: its Web API, and who sends events.

After docs.slack.dev: verifying requests, Events API (url_verification, retries), block_actions,
chat.postMessage, rate limits. What Slack refuses is refused here with the same error.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from tests.channels.peers.loopback import Call, Failure, LoopbackPlatform
from tests.channels.peers.slack_events import BOT_USER, SlackEvents

TOKEN = "xoxb-loopback-1"
_SECTION = 3000
_BLOCKS = 50
_BUTTONS = 25
_TITLE = 75
_VALUE = 2000


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


class SlackPeer(SlackEvents, LoopbackPlatform):
    """Slack, with one workspace in which our app is installed.

    Attributes:
        scopes: what the token may do.
    """

    def __init__(self) -> None:
        super().__init__()
        self._accepted: list[Posted] = []
        self.scopes = "app_mentions:read,chat:write,im:history"

    @property
    def api(self) -> str:
        """The base of the Web API."""
        return f"{self.url}/api/"

    @property
    def posted(self) -> list[Posted]:
        """The messages that were accepted, in order."""
        return list(self._accepted)

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
        if given != TOKEN:
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
