"""Meta's Graph API on loopback, as far as Messenger needs it, and who sends events.

After developers.facebook.com: webhooks (verification, X-Hub-Signature-256, batches), Send API,
quick replies, error codes, secure requests, the edge `subscriptions` of an app.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any

from tests.channels.peers.loopback import Call, Failure, LoopbackPlatform
from tests.channels.peers.messenger_events import APP, APP_SECRET, PAGE, MetaEvents

PAGE_TOKEN = "EAAloopback1"
VERIFY_TOKEN = "loopback-verify-token-1"
_TEXT = 2000
_REPLIES = 13
_TITLE = 20
_PAYLOAD = 1000


@dataclass(frozen=True)
class Sent:
    """A message that a person sees."""

    person: str
    text: str
    quick_replies: dict[str, str]


class MessengerPeer(MetaEvents, LoopbackPlatform):
    """Meta, with one page that our app is connected to.

    Attributes:
        callback_url: the webhook that the app has in its dashboard.
        fields: what the page is subscribed to.
        closed: people whose last message is more than 24 hours ago.
        of_person: whether the token is one of a person, not of a page.
    """

    def __init__(self) -> None:
        super().__init__()
        self._accepted: list[Sent] = []
        self.callback_url = ""
        self.fields = ["messages", "messaging_postbacks"]
        self.closed: set[str] = set()
        self.of_person = False

    @property
    def sent(self) -> list[Sent]:
        """The messages that were accepted, in order."""
        return list(self._accepted)

    def to(self, person: str) -> list[Sent]:
        """The messages to one person."""
        return [sent for sent in self._accepted if sent.person == person]

    def limit_rate(self, times: int = 1) -> None:
        """Meta's refusal of too many calls: 400, no Retry-After."""
        self.fail(
            Failure(400, {}, _error(613, "Calls to this API have exceeded the rate limit.")), times
        )

    def break_down(self, times: int = 1) -> None:
        """Fails as Meta does when something is wrong there for a while."""
        self.fail(Failure(500, {}, _error(2, "An unexpected error has occurred.")), times)

    def respond(self, call: Call) -> tuple[int, dict[str, str], Any]:
        path = re.sub(r"^/v\d+\.\d+", "", call.path)
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        if path == f"/{APP}/subscriptions":
            return self._subscriptions(token)
        proof = call.query.get("appsecret_proof")
        if token != PAGE_TOKEN:
            return 400, {}, _error(190, "Invalid OAuth access token.", "OAuthException")
        if proof is not None and proof != proof_of(token):
            return 400, {}, _error(100, "Invalid appsecret_proof provided in the API argument")
        answers = {
            "/me": lambda: self._me(call.query.get("fields", "")),
            "/app": lambda: (200, {}, {"id": APP, "name": "Assistant"}),
            "/me/subscribed_apps": self._subscribed,
            "/me/messages": lambda: self._send(call.body),
        }
        answer = answers.get(path)
        return answer() if answer else (400, {}, _error(2500, "Unknown path components"))

    def _me(self, fields: str) -> tuple[int, dict[str, str], Any]:
        if self.of_person and "category" in fields:
            told = "(#100) Tried accessing nonexisting field (category) on node type (User)"
            return 400, {}, _error(100, told, "OAuthException")
        return 200, {}, {"id": PAGE, "name": "Loopback House", "category": "Rehab Center"}

    def _subscriptions(self, token: str) -> tuple[int, dict[str, str], Any]:
        if token != f"{APP}|{APP_SECRET}":
            return 400, {}, _error(1, "Invalid application secret", "OAuthException")
        fields = [{"name": name, "version": "v25.0"} for name in self.fields]
        entry = {"object": "page", "callback_url": self.callback_url, "active": True}
        return 200, {}, {"data": [{**entry, "fields": fields}] if self.callback_url else []}

    def _subscribed(self) -> tuple[int, dict[str, str], Any]:
        entry = {"id": APP, "name": "Assistant", "subscribed_fields": self.fields}
        return 200, {}, {"data": [entry] if self.fields else []}

    def _send(self, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        person = body.get("recipient", {}).get("id", "")
        message = body.get("message", {})
        if body.get("messaging_type") != "RESPONSE" or not person:
            return 400, {}, _error(100, "Invalid parameter")
        if person in self.closed:
            told = "This message is sent outside of allowed window."
            return 400, {}, _error(10, told, "OAuthException", 2018278)
        if not is_taken(message):
            return 400, {}, _error(100, "Length of param message[text] or of a quick reply")
        shown = {reply["title"]: reply["payload"] for reply in message.get("quick_replies", [])}
        self._accepted.append(Sent(person, message["text"], shown))
        return 200, {}, {"recipient_id": person, "message_id": f"m_{next(self._numbers)}"}


def proof_of(token: str) -> str:
    """The proof that a call comes from who has the app's secret."""
    return hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()


def is_taken(message: dict[str, Any]) -> bool:
    """Whether a message keeps to the limits of the Send API."""
    replies = message.get("quick_replies", [])
    fits = 1 <= len(message.get("text", "")) <= _TEXT and len(replies) <= _REPLIES
    return fits and all(
        reply["content_type"] == "text"
        and 1 <= len(reply["title"]) <= _TITLE
        and 1 <= len(reply["payload"]) <= _PAYLOAD
        for reply in replies
    )


def _error(
    code: int, message: str, kind: str = "GraphMethodException", subcode: int | None = None
) -> dict[str, Any]:
    error = {"message": message, "type": kind, "code": code, "fbtrace_id": "A1"}
    return {"error": {**error, **({"error_subcode": subcode} if subcode else {})}}
