"""Hides who writes and what: names as keyed hashes, content encrypted."""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from typing import Any

from cryptography.fernet import InvalidToken

from assistant.settings import Settings


class Safe:
    """For one channel: the same person on another one is somebody else."""

    def __init__(self, settings: Settings, channel: str) -> None:
        """Takes the keys and the channel's name."""
        # RECORDS_SECRET never changes: a person's sign-up hangs on the conversation's id.
        self._secret = settings.sealing_secret().encode()
        self._cipher = settings.cipher()
        self._channel = channel

    def name(self, kind: str, value: str) -> str:
        """What a person or an event is known by: 64 hexadecimal digits, always the same."""
        message = f"messaging {kind}\0{self._channel}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()

    def seal(self, content: Any) -> bytes:
        """Encrypts what JSON can hold."""
        return self._cipher.encrypt(zlib.compress(json.dumps(content).encode(), level=1))

    def open(self, sealed: bytes) -> Any:
        """Decrypts; None where none of DATA_KEYS encrypted it."""
        try:
            return json.loads(zlib.decompress(self._cipher.decrypt(bytes(sealed))))
        except InvalidToken:
            return None
