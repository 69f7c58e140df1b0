"""The settings of a deployment, from the environment alone.

`.env.example` lists each one; a test fails when it misses one. Secrets that
are not set are generated once in development (kept in the state folder, mode
0600, and said aloud at start) and refused in production.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from cryptography.fernet import Fernet, MultiFernet
from pydantic import Field, ValidationError, root_validator, validator

from assistant.errors import SettingsError
from assistant.messaging_settings import MessagingSettings

Network = IPv4Network | IPv6Network

ROOT = Path(__file__).resolve().parent.parent

# One name a secret: what to set in the environment, and the file that holds
# the generated one in development.
_TOKEN_SECRET = "TOKEN_SECRET"  # noqa: S105 - the name of a setting, not a secret
_DATA_KEYS = "DATA_KEYS"
# Never "*": every website would be let in, and be seen as the provider.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_RECORDS_SECRET = "RECORDS_SECRET"  # noqa: S105 - likewise


class Settings(MessagingSettings):
    """What a deployment can set; the messaging channels' settings are in their own module.

    Attributes:
        environment: "development" or "production"; production refuses to start
            without its secrets.
        interface: address that the Rasa server listens on; loopback unless set,
            since what it serves is not encrypted.
        port: TCP port of the Rasa server.
        actions_port: TCP port of the action server, on loopback.
        gaps: whether questions that got no answer are recorded, redacted.
        gaps_retention_days: how long these are kept, in days.
        state_dir: folder for what must outlive a restart (conversations,
            generated secrets, logs).
        corpus: folder of the articles.
        models_dir: folder of everything built: encoder, pipeline, index, models.
        database_url: SQLAlchemy URL of the conversation store; SQLite in
            `state_dir` when unset.
        token_secret: signs conversation tokens; 32 characters or more.
        data_keys: Fernet keys, comma-separated, newest first: the first
            encrypts, all decrypt.
        actions_key: shared by Rasa and the action server; `make run` makes one
            for each start when unset.
        session_hours: how long a conversation token is valid, in hours.
        retention_days: how long a conversation is kept, in days.
        allowed_origins: websites beside the server's own that may show the chat,
            comma-separated, such as "https://www.example.org".
        trusted_proxies: addresses or networks of the proxies in front, whose
            X-Forwarded-For is believed; comma-separated.
        messages_per_minute: what one conversation may send; 0 is no limit, here
            and in the next two.
        address_messages_per_minute: what one address may send in all its conversations.
        address_sessions_per_hour: new conversations of one address.
        records_secret: names people in the consent ledger and seals it; 32
            characters or more, and never changed.
        signup_retention_days: how long a sign-up is kept; the terms promise a year
            at the most.
        signup_unconfirmed_days: how long one is kept whose email address nobody
            confirmed.
        public_url: where visitors reach the server, for the link in an email.
        staff_email: who is told of a sign-up, by reference alone.
        mail_from: the sender of emails.
        smtp_host, smtp_port, smtp_security, smtp_user, smtp_password: the server
            that takes emails; without a host they wait.
        notice_webhook_url: where a sign-up is told of, by reference alone.
        notice_webhook_secret: signs what is sent there; 32 characters or more.
        build: which build of the software is running, for the consent ledger.
    """

    environment: Literal["development", "production"] = "development"
    interface: str = "127.0.0.1"
    port: int = Field(5005, ge=1, le=65535)
    actions_port: int = Field(5055, ge=1, le=65535)
    gaps: bool = True
    gaps_retention_days: float = Field(90, gt=0)
    state_dir: Path = ROOT / "state"
    corpus: Path = ROOT / "data" / "articles"
    models_dir: Path = ROOT / "models"
    database_url: str | None = None
    token_secret: str | None = Field(None, min_length=32)
    data_keys: str | None = None
    actions_key: str | None = Field(None, min_length=16)
    session_hours: float = Field(12, gt=0)
    retention_days: float = Field(30, gt=0)
    allowed_origins: str | None = None
    trusted_proxies: str | None = None
    messages_per_minute: int = Field(30, ge=0)
    address_messages_per_minute: int = Field(300, ge=0)
    address_sessions_per_hour: int = Field(300, ge=0)
    records_secret: str | None = Field(None, min_length=32)
    signup_retention_days: float = Field(365, gt=0, le=365)
    signup_unconfirmed_days: float = Field(7, ge=1)
    public_url: str | None = None
    staff_email: str | None = None
    mail_from: str | None = None
    smtp_host: str | None = None
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: str | None = None
    notice_webhook_url: str | None = None
    notice_webhook_secret: str | None = Field(None, min_length=32)
    build: str | None = Field(None, max_length=64)

    class Config:
        """Pydantic's own switches: nothing can be changed after the start."""

        allow_mutation = False

    @root_validator(pre=True)
    def _empty_is_unset(cls, values: dict[str, object]) -> dict[str, object]:
        """`NAME=` in an environment file means that it is not set."""
        return {name: value for name, value in values.items() if value != ""}

    @validator("allowed_origins")
    def _are_origins(cls, value: str | None) -> str | None:
        if not all(map(_ORIGIN.fullmatch, _listed(value))):
            raise ValueError("must be origins such as https://www.example.org, without a path")
        return value

    @validator("trusted_proxies")
    def _are_networks(cls, value: str | None) -> str | None:
        try:
            _networks(value)
        except ValueError:
            raise ValueError("must be addresses or networks such as 10.0.0.0/8") from None
        return value

    def origins(self) -> frozenset[str]:
        """The allowed origins as browsers write them."""
        return frozenset(origin.lower() for origin in _listed(self.allowed_origins))

    def proxies(self) -> tuple[Network, ...]:
        """The networks of the trusted proxies."""
        return _networks(self.trusted_proxies)

    @validator("public_url", "notice_webhook_url")
    def _is_encrypted_on_its_way(cls, url: str | None) -> str | None:
        if url is not None and not re.match(
            r"https://|http://(127\.0\.0\.1|localhost)(?=[:/]|$)", url
        ):
            raise ValueError("must begin with https://")
        return url

    @validator("smtp_security")
    def _is_encrypted_beyond_this_machine(cls, kind: str, values: dict[str, object]) -> str:
        if kind == "none" and values.get("smtp_host") not in (None, "127.0.0.1", "localhost"):
            raise ValueError("must be starttls or tls for another machine")
        return kind

    @validator("staff_email", "mail_from")
    def _is_an_address(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
            raise ValueError("must be one email address")
        return address

    @validator("notice_webhook_secret", always=True)
    def _signs_what_is_sent(cls, secret: str | None, values: dict[str, object]) -> str | None:
        if secret is None and values.get("notice_webhook_url"):
            raise ValueError("must be set with NOTICE_WEBHOOK_URL")
        return secret

    @property
    def conversations_url(self) -> str:
        """SQLAlchemy URL of the conversation store."""
        return self.database_url or f"sqlite:///{self.state_dir / 'conversations.db'}"

    @property
    def gaps_url(self) -> str:
        """SQLAlchemy URL of the store of content gaps.

        A file of its own on SQLite: writing there keeps no conversation waiting.
        """
        return self.database_url or f"sqlite:///{self.state_dir / 'gaps.db'}"

    @property
    def signups_url(self) -> str:
        """SQLAlchemy URL of the store of sign-ups."""
        return self.database_url or f"sqlite:///{self.state_dir / 'signups.db'}"

    @property
    def messages_url(self) -> str:
        """SQLAlchemy URL of what messaging channels have taken and have still to send."""
        return self.database_url or f"sqlite:///{self.state_dir / 'messages.db'}"

    @property
    def visitors_url(self) -> str | None:
        """Where visitors reach the server; in development this machine, unless set."""
        if self.public_url or self.environment == "production":
            return self.public_url
        return f"http://localhost:{self.port}"

    def folders(self) -> dict[str, str]:
        """The folders as environment variables, for a child process to use the same."""
        names = ("state_dir", "corpus", "models_dir")
        return {name.upper(): str(getattr(self, name)) for name in names}

    def web_channel(self) -> dict[str, str]:
        """Who may use the web channel, and how much, as environment variables for a child."""
        names = (
            "allowed_origins",
            "trusted_proxies",
            "messages_per_minute",
            "address_messages_per_minute",
            "address_sessions_per_hour",
        )
        values = {name: getattr(self, name) for name in names}
        return {name.upper(): "" if v is None else str(v) for name, v in values.items()}

    def signing_secret(self) -> str:
        """The secret that signs conversation tokens.

        Raises:
            SettingsError: unset in production.
        """
        return self.token_secret or self._generated(_TOKEN_SECRET, secrets.token_urlsafe(32))

    def cipher(self) -> MultiFernet:
        """The cipher for data at rest; old keys still decrypt.

        Raises:
            SettingsError: unset in production, or not Fernet keys.
        """
        keys = self.data_keys or self._generated(_DATA_KEYS, Fernet.generate_key().decode())
        try:
            return MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
        except ValueError:
            raise SettingsError(
                f"{_DATA_KEYS} must be one or more Fernet keys, separated by commas."
            ) from None

    def sealing_secret(self) -> str:
        """The secret behind the names of people in the consent ledger, and its seals.

        Raises:
            SettingsError: unset in production.
        """
        return self.records_secret or self._generated(_RECORDS_SECRET, secrets.token_urlsafe(32))

    @property
    def sets_all_secrets(self) -> bool:
        """Whether every secret comes from the environment, so that none is generated."""
        return None not in (self.token_secret, self.data_keys, self.records_secret)

    def require_secrets(self) -> None:
        """Makes or checks every secret, so that a start fails before anything is served.

        Raises:
            SettingsError: one is unset in production, or malformed.
        """
        self.signing_secret()
        self.cipher()
        self.sealing_secret()

    def _generated(self, name: str, fresh: str) -> str:
        if self.environment == "production":
            raise SettingsError(f"{name} must be set in production.")
        path = self.state_dir / f"development-{name.lower().replace('_', '-')}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _write_once(path, fresh)
            return path.read_text("ascii")
        except OSError as error:
            raise SettingsError(f"Cannot write to {path.parent}: {error.strerror}.") from None


def _listed(value: str | None) -> list[str]:
    return [entry.strip() for entry in (value or "").split(",") if entry.strip()]


def _networks(value: str | None) -> tuple[Network, ...]:
    return tuple(ip_network(entry, strict=False) for entry in _listed(value))


def _write_once(path: Path, secret: str) -> None:
    """Writes a file that appears whole, and only if no other process was quicker."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as file:
        # NamedTemporaryFile makes it readable by its owner alone.
        file.write(secret)
        file.flush()
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Reads the environment once.

    Raises:
        SettingsError: a value is out of range or of the wrong kind; names the
            variable, never its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{str(first['loc'][0]).upper()}: {first['msg']}.") from None
