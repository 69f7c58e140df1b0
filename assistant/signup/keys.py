"""What is hidden, and how: keyed names instead of ids, and encrypted columns."""

from __future__ import annotations

import hashlib
import hmac
import json

from cryptography.fernet import InvalidToken, MultiFernet

from assistant.errors import SettingsError
from assistant.settings import Settings


class Keys:
    """Names, seals and encrypts. None of its results can be undone without the secrets."""

    def __init__(self, secret: str, cipher: MultiFernet) -> None:
        """Takes the secret behind names and seals, and the cipher of contact data."""
        self._secret = secret.encode()
        self._cipher = cipher

    @classmethod
    def of(cls, settings: Settings) -> Keys:
        """The keys of a deployment.

        Raises:
            SettingsError: a secret is missing or malformed.
        """
        return cls(settings.sealing_secret(), settings.cipher())

    def subject(self, conversation_id: str) -> str:
        """The pseudonym of a conversation's person, 64 hexadecimal digits."""
        return self._name("subject", conversation_id)

    def signup(self, submission_id: str) -> str:
        """The id of the sign-up of a submission: always the same one."""
        return self._name("sign-up", submission_id)

    def contact(self, contact: str) -> str:
        """What an address or number is recognised by after it is erased."""
        return self._name("contact", contact.strip().casefold())

    def token(self, token: str) -> str:
        """What the token of a link is recognised by."""
        return self._name("token", token)

    def content(self, content: str) -> str:
        """What the content of a submission is recognised by."""
        return self._name("content", content)

    def seal(self, text: str) -> str:
        """Proof that only who has the secret can have written a text."""
        return self._name("seal", text)

    def encrypt(self, text: str, place: str) -> bytes:
        """Encrypts a text for one place, such as the column of a row."""
        return self._cipher.encrypt(json.dumps([place, text]).encode())

    def decrypt(self, data: bytes, place: str) -> str:
        """Decrypts a text.

        Raises:
            SettingsError: none of the keys encrypted it, or it is from another place.
        """
        try:
            found, text = json.loads(self._cipher.decrypt(bytes(data)))
        except InvalidToken:
            raise SettingsError("A sign-up is encrypted with none of DATA_KEYS.") from None
        if found != place:
            raise SettingsError("The encrypted data of a sign-up is that of another one.")
        return str(text)

    def rotate(self, data: bytes) -> bytes:
        """Encrypts with the first key what any key encrypted.

        Raises:
            SettingsError: none of the keys encrypted it.
        """
        try:
            return self._cipher.rotate(bytes(data))
        except InvalidToken:
            raise SettingsError("A sign-up is encrypted with none of DATA_KEYS.") from None

    def _name(self, kind: str, value: str) -> str:
        message = f"{kind}:{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()
