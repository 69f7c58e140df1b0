"""The connection to a Matrix homeserver, and what to say when it does not work."""

from __future__ import annotations

import logging
from typing import TypeVar

import aiohttp
from nio import AsyncClient, AsyncClientConfig
from nio.responses import ErrorResponse, Response, WhoamiResponse

from assistant.errors import AssistantError
from assistant.settings import Settings
from extensions.channels.messaging.incoming import NotSentError, not_sent

T = TypeVar("T", bound=Response)

_REQUEST_SECONDS = 8.0
_REFUSED_TOKENS = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN")
# What nio complains of it quotes, and that may be what a person wrote.
logging.getLogger("nio").setLevel(logging.CRITICAL)


class HomeserverError(AssistantError):
    """The homeserver refused something; the message is its code alone.

    Attributes:
        status: HTTP status; 0 where there was none.
        code: such as "M_FORBIDDEN".
        retry_after: for how long it wants nothing at all, in seconds.
    """

    def __init__(self, status: int, code: str = "", retry_after: float | None = None) -> None:
        """Takes what the homeserver said."""
        super().__init__(f"HTTP {status} {code}".strip())
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def is_final(self) -> bool:
        """Whether the same would be refused again."""
        return not self.refuses_token and not_sent(self.status).final

    @property
    def refuses_token(self) -> bool:
        """Whether the access token is not accepted (any more)."""
        return self.code in _REFUSED_TOKENS

    def as_not_sent(self) -> NotSentError:
        """The same for a message that was to be sent."""
        return NotSentError(str(self), self.is_final, self.retry_after)


class WrongAccountError(AssistantError):
    """The token is of another account than the one that is set."""


def new_client(settings: Settings) -> AsyncClient:
    """A client for the assistant's account; opens nothing yet."""
    # Nothing is tried again in here: whoever asks knows better what can wait.
    options = AsyncClientConfig(
        max_limit_exceeded=0,
        max_timeouts=0,
        request_timeout=_REQUEST_SECONDS,
        encryption_enabled=False,
        store_sync_tokens=False,
    )
    client = AsyncClient(settings.matrix_homeserver or "", settings.matrix_user or "", None)
    client.config = options
    client.user_id = settings.matrix_user or ""
    client.access_token = settings.matrix_token or ""
    return client


def accepted(response: T | ErrorResponse) -> T:
    """A response of the homeserver that is no refusal.

    Raises:
        HomeserverError: it is one.
    """
    if not isinstance(response, ErrorResponse):
        return response
    transport = response.transport_response
    seconds = response.retry_after_ms / 1000 if response.retry_after_ms else None
    raise HomeserverError(transport.status if transport else 0, response.status_code or "", seconds)


async def require_account(client: AsyncClient) -> None:
    """Raises WrongAccountError unless the token is of the account that is set.

    With another account the assistant would answer itself, for ever.
    """
    response: WhoamiResponse = accepted(await client.whoami())
    # nio takes over the account's id; `user` is the one that is set.
    if response.user_id != client.user:
        raise WrongAccountError("MATRIX_TOKEN is not of the account that MATRIX_USER names.")


def sentence(error: Exception) -> str:
    """What is wrong with the connection, in one sentence without anybody's words."""
    if isinstance(error, WrongAccountError):
        return str(error)
    if isinstance(error, HomeserverError):
        if error.refuses_token:
            return "The homeserver does not accept MATRIX_TOKEN; make a new one and set it."
        return f"The homeserver refuses to answer: {error}."
    if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError)):
        return (
            "The certificate of MATRIX_HOMESERVER cannot be trusted: it has expired, is for "
            "another name, or comes from an authority that this machine does not know."
        )
    return f"The homeserver at MATRIX_HOMESERVER cannot be reached: {type(error).__name__}."
