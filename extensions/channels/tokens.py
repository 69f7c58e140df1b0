"""Conversation ids made and signed by the server.

Whoever holds a token speaks in its conversation and reads it; nobody can make
one, and an id alone opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, TimestampSigner

_SALT = "web conversation"
_CHOICE_SALT = "web choice"
# Tokens are about 70 characters; what is longer is not worth a hash.
_MAX_TOKEN_LENGTH = 200


@dataclass(frozen=True)
class Opened:
    """What a token says.

    Attributes:
        conversation_id: whose it is.
        since: when it was issued, with its time zone.
    """

    conversation_id: str
    since: datetime


class ConversationTokens:
    """Issues and checks the tokens of conversations, and names their choices."""

    def __init__(self, secret: str, lifetime_seconds: int) -> None:
        """Takes the signing secret and how long a token is valid, in seconds."""
        self.lifetime_seconds = lifetime_seconds
        self._secret = secret.encode()
        self._signer = TimestampSigner(secret, salt=_SALT, digest_method=hashlib.sha256)

    def issue(self) -> str:
        """A token for a new conversation with a random id of 128 bits."""
        return self._signer.sign(secrets.token_hex(16)).decode("ascii")

    def opened(self, token: str) -> Opened | None:
        """The conversation that a token opens; None when it is forged or has expired."""
        if len(token) > _MAX_TOKEN_LENGTH:
            return None
        try:
            conversation_id, since = self._signer.unsign(
                token, max_age=self.lifetime_seconds, return_timestamp=True
            )
            return Opened(conversation_id.decode("ascii"), since)
        except (BadSignature, UnicodeError):
            return None

    def conversation(self, token: str) -> str | None:
        """The conversation id in a token; None when it is forged or has expired."""
        opened = self.opened(token)
        return opened.conversation_id if opened else None

    def choice_id(self, conversation_id: str, payload: str) -> str:
        """The id of a choice: says nothing about its payload, fits one conversation.

        Args:
            conversation_id: where the choice is offered.
            payload: what the choice stands for.

        Returns:
            22 URL-safe characters (128 bits); always the same for the same two.
        """
        content = f"{_CHOICE_SALT}\0{conversation_id}\0{payload}".encode()
        digest = hmac.new(self._secret, content, hashlib.sha256).digest()[:16]
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
