"""The Slack channel: direct messages with the app; in channels it only says where to write.

Events and pressed buttons come to the same address, /webhooks/slack/webhook. What is said
passes through Slack, and the owners of the workspace can export it: docs/channels.md.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels.bodies import parse as parse_json
from extensions.channels.messaging.base import FORGED, MessagingChannel
from extensions.channels.messaging.desk import Messages, notice
from extensions.channels.messaging.incoming import Incoming, NotSentError, not_sent
from extensions.channels.messaging.rendered import Commanded, Rendered
from extensions.channels.messaging.rows import Noted
from extensions.channels.problems import IN_DANGER, ProblemError
from extensions.channels.slack_blocks import slack_message
from extensions.channels.slack_events import read_action, read_event
from extensions.gate import SafetyGate

API_URL = "https://slack.com/api/"
MENTIONED = (
    "You wrote to me in a channel, where others can read along. I only answer here, in our "
    f"direct messages. Please write your question to me here. {IN_DANGER}"
)
_SEND_SECONDS = 8.0
# Slack's own trouble, and what the owner of the app can mend while the message waits.
_AGAIN = frozenset(
    {
        "accesslimited",
        "account_inactive",
        "fatal_error",
        "internal_error",
        "invalid_auth",
        "missing_scope",
        "not_authed",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        "token_expired",
        "token_revoked",
    }
)


class SlackChannel(MessagingChannel):
    """Connects a Slack app; register it in credentials.yml."""

    packages = ("slack_sdk",)
    # Slack wants no more than a message a second in one conversation.
    pause = 1.0

    def __init__(
        self, settings: Settings, gate: SafetyGate | None = None, provider: Provider | None = None
    ) -> None:
        """Takes the same as every messaging channel."""
        super().__init__(settings, gate, provider)
        # Here, for a server whose channel is off has no SDK.
        from slack_sdk.signature import SignatureVerifier
        from slack_sdk.web.async_client import AsyncWebClient

        self._signatures = SignatureVerifier(settings.slack_signing_secret or "")
        self._client = AsyncWebClient(
            settings.slack_bot_token,
            base_url=settings.slack_api_url or API_URL,
            timeout=int(_SEND_SECONDS),
            # The outbox tries again; the SDK would do so without its patience.
            retry_handlers=[],
            logger=_quiet_logger(),
        )

    @classmethod
    def name(cls) -> str:
        """The channel's name: its routes are below /webhooks/slack."""
        return "slack"

    def verify(self, request: Request) -> None:
        """Raises ProblemError (403) unless Slack signed the request in the last five minutes."""
        try:
            known = self._signatures.is_valid_request(request.body, dict(request.headers))
        except (ValueError, TypeError, OverflowError):
            # A time that is no number, or bytes that are no text.
            known = False
        if not known:
            raise ProblemError(403, FORGED)

    async def receive(self, request: Request) -> HTTPResponse:
        """POST /webhook: also answers the question with which Slack tries the address."""
        self.verify(request)
        body = _body(request)
        if body.get("type") == "url_verification":
            return json_response({"challenge": body.get("challenge")})
        return await super().receive(request)

    def parse(self, request: Request) -> list[Incoming]:
        """The direct message, mention or pressed button in a request; none for all else."""
        body = _body(request)
        read = read_event if body.get("type") == "event_callback" else read_action
        incoming = read(body)
        return [incoming] if incoming else []

    async def command(self, noted: Noted) -> Commanded | None:
        """Says where to write, to whom has mentioned the assistant where others read."""
        mentioned = (noted.incoming.extra or {}).get("mention")
        return Commanded([notice(MENTIONED)]) if mentioned else None

    def render(self, messages: Messages, to: Incoming) -> Rendered:
        """Blocks with buttons."""
        return Rendered([slack_message(message) for message in messages])

    async def send(self, address: str, message: dict[str, Any]) -> None:
        """Posts a message."""
        from slack_sdk.errors import SlackApiError

        channel, _, thread = address.partition("/")
        try:
            await self._client.chat_postMessage(
                channel=channel, thread_ts=thread or None, **message
            )
        except SlackApiError as error:
            raise _refused(error.response) from None

    async def begin(self, app: Sanic) -> None:
        """Keeps connections to Slack open."""
        timeout = aiohttp.ClientTimeout(total=_SEND_SECONDS)
        self._client.session = aiohttp.ClientSession(timeout=timeout)

    async def end(self) -> None:
        """Closes them."""
        if self._client.session is not None:
            await self._client.session.close()


def _body(request: Request) -> Mapping[str, Any]:
    """The JSON of an event, or of the form that an interaction comes in.

    Raises:
        ProblemError: 400, there is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        body = parse_json(request.form.get("payload", "").encode("utf-8", "surrogatepass"))
    else:
        body = parse_json(request.body)
    if not isinstance(body, dict):
        raise ProblemError(400, "The request holds no JSON object.")
    return body


def _refused(response: Any) -> NotSentError:
    status = response.status_code
    if status != 200:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return not_sent(status, headers.get("retry-after"))
    # Slack's names of errors hold nothing of a message.
    error = str(response.data.get("error") if isinstance(response.data, dict) else "no answer")
    return NotSentError(error, final=error not in _AGAIN)


def _quiet_logger() -> logging.Logger:
    """A logger that never shows what is sent, whatever the server's level is."""
    quiet = logging.getLogger("extensions.channels.slack.sdk")
    quiet.setLevel(logging.WARNING)
    return quiet
