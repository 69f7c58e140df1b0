"""The Messenger channel: people who write to the provider's page on Facebook.

What is said passes through Meta: docs/channels.md.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import aiohttp
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels.bodies import parse as parse_json
from extensions.channels.messaging.base import FORGED, MessagingChannel
from extensions.channels.messaging.desk import Messages
from extensions.channels.messaging.incoming import Incoming, NotSentError, not_sent
from extensions.channels.messaging.rendered import Rendered
from extensions.channels.messenger_events import read_batch
from extensions.channels.messenger_text import messenger_messages
from extensions.channels.problems import ProblemError, answers_problems
from extensions.gate import SafetyGate

API_URL = "https://graph.facebook.com/v25.0"
_SEND_SECONDS = 8.0
# Too many calls: of the app, of the page, of a person.
_RATE_CODES = frozenset({4, 32, 613, 80006})
_REST_SECONDS = 10.0
# Meta's own trouble (1, 2, 1200), and a token or permission that can be mended meanwhile.
_AGAIN_CODES = frozenset({1, 2, 190, 200, 230, 1200})


class MessengerChannel(MessagingChannel):
    """Connects a Facebook page; register it in credentials.yml."""

    def __init__(
        self, settings: Settings, gate: SafetyGate | None = None, provider: Provider | None = None
    ) -> None:
        """Takes the same as every messaging channel."""
        super().__init__(settings, gate, provider)
        self._secret = (settings.messenger_app_secret or "").encode()
        self._verify_token = (settings.messenger_verify_token or "").encode()
        self._token = settings.messenger_page_token or ""
        self._url = f"{(settings.messenger_api_url or API_URL).rstrip('/')}/me/messages"
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name: its routes are below /webhooks/messenger."""
        return "messenger"

    def add_routes(self, routes: Blueprint) -> None:
        """Beside the events, the question with which Meta tries the address."""
        super().add_routes(routes)
        routes.add_route(answers_problems(self.challenge), "/webhook", ["GET"], name="challenge")

    async def challenge(self, request: Request) -> HTTPResponse:
        """GET /webhook: repeats a number to who knows the verify token."""
        token = request.args.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
        known = hmac.compare_digest(token, self._verify_token)
        if not known or request.args.get("hub.mode") != "subscribe":
            raise ProblemError(403, FORGED)
        return text(request.args.get("hub.challenge", ""))

    def verify(self, request: Request) -> None:
        """Raises ProblemError (403) unless the request is signed with the app's secret.

        Meta signs no time: what is sent again is known by its id.
        """
        given = request.headers.get("x-hub-signature-256", "").encode("utf-8", "surrogatepass")
        digest = hmac.new(self._secret, request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given, f"sha256={digest}".encode()):
            raise ProblemError(403, FORGED)

    def parse(self, request: Request) -> list[Incoming]:
        """All messages in a batch."""
        return read_batch(parse_json(request.body))

    def render(self, messages: Messages, to: Incoming) -> Rendered:
        """Texts with quick replies."""
        return Rendered(messenger_messages(messages))

    async def send(self, address: str, message: dict[str, Any]) -> None:
        """Sends a message as an answer: Meta takes these for 24 hours after the person's last."""
        proof = hmac.new(self._secret, self._token.encode(), hashlib.sha256).hexdigest()
        body = {
            "recipient": {"id": address},
            "messaging_type": "RESPONSE",
            "message": message,
        }
        # In a header and not in the address, where the token would get into logs.
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self._open().post(
            self._url, json=body, params={"appsecret_proof": proof}, headers=headers
        ) as reply:
            if reply.status != 200:
                raise _refused(reply.status, await _error(reply))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=_SEND_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, trust_env=True)
        return self._session

    async def end(self) -> None:
        """Closes the connections to Meta."""
        if self._session is not None:
            await self._session.close()


async def _error(reply: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        error = (await reply.json())["error"]
        return error if isinstance(error, dict) else {}
    except (aiohttp.ContentTypeError, ValueError, KeyError, TypeError):
        return {}


def _refused(status: int, error: dict[str, Any]) -> NotSentError:
    """Meta says with a code of its own what is wrong; of HTTP's only 429 and 5xx say more."""
    code = error.get("code")
    if not isinstance(code, int):
        return not_sent(status)
    reason = f"HTTP {status}, error {code}"
    if code in _RATE_CODES or status == 429:
        return NotSentError(reason, retry_after=_REST_SECONDS)
    again = code in _AGAIN_CODES or error.get("is_transient") is True or status >= 500
    return NotSentError(reason, final=not again)
