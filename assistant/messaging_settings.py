"""The settings of the messaging channels: one is on when its credentials are set, else off."""

from __future__ import annotations

import re

from pydantic import BaseSettings, Field, validator

from assistant.errors import SettingsError

# What each channel cannot be without; its name is what its settings begin with.
CREDENTIALS = {
    "twilio": ("twilio_account_sid", "twilio_auth_token"),
    "telegram": ("telegram_bot_token", "telegram_webhook_secret"),
    "slack": ("slack_bot_token", "slack_signing_secret"),
    "messenger": ("messenger_page_token", "messenger_app_secret", "messenger_verify_token"),
    "matrix": ("matrix_homeserver", "matrix_user", "matrix_token"),
}
_ENCRYPTED = re.compile(r"https://|http://(127\.0\.0\.1|localhost)(?=[:/]|$)")


class MessagingSettings(BaseSettings):
    """What a deployment can set of its messaging channels.

    Attributes:
        messaging_retention_hours: how long a message that could not be answered or sent
            is kept and tried again, in hours.
        twilio_account_sid, twilio_auth_token: of the Twilio account.
        twilio_sms_number: the number that text messages are sent from, as +12025550100.
        twilio_whatsapp_number: the same for WhatsApp; at least one of the two.
        telegram_bot_token: from BotFather.
        telegram_webhook_secret: what Telegram proves itself with; 16 characters or more.
        slack_bot_token, slack_signing_secret: of the Slack app.
        messenger_page_token, messenger_app_secret, messenger_verify_token: of the
            Facebook page and its app.
        matrix_homeserver: URL of the Matrix server.
        matrix_user, matrix_token: the account of the assistant there, as @name:example.org, and
            an access token of it.
        twilio_api_url, telegram_api_url, slack_api_url, messenger_api_url: another
            address than the platform's own, for tests and proxies.
    """

    messaging_retention_hours: float = Field(24, gt=0)
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = None
    twilio_sms_number: str | None = Field(None, regex=r"^\+\d{7,15}$")
    twilio_whatsapp_number: str | None = Field(None, regex=r"^\+\d{7,15}$")
    twilio_api_url: str | None = None
    telegram_bot_token: str | None = Field(None, regex=r"^\d+:[A-Za-z0-9_-]+$")
    telegram_webhook_secret: str | None = Field(None, regex=r"^[A-Za-z0-9_-]{16,256}$")
    telegram_api_url: str | None = None
    slack_bot_token: str | None = None
    slack_signing_secret: str | None = None
    slack_api_url: str | None = None
    messenger_page_token: str | None = None
    messenger_app_secret: str | None = None
    messenger_verify_token: str | None = None
    messenger_api_url: str | None = None
    matrix_homeserver: str | None = None
    matrix_user: str | None = Field(None, regex=r"^@[^:\s]+:\S+$")
    matrix_token: str | None = None

    @validator(
        "twilio_api_url",
        "telegram_api_url",
        "slack_api_url",
        "messenger_api_url",
        "matrix_homeserver",
    )
    def _is_encrypted_on_its_way(cls, url: str | None) -> str | None:
        if url is not None and not _ENCRYPTED.match(url):
            raise ValueError("must begin with https://")
        return url

    def has_all(self, *names: str) -> bool:
        """Whether a channel is on: all of its credentials are set; off: none is.

        Args:
            names: of the settings that it cannot be without.

        Raises:
            SettingsError: it is set by halves; names what is missing.
        """
        missing = [name.upper() for name in names if not getattr(self, name)]
        if 0 < len(missing) < len(names):
            present = next(name.upper() for name in names if getattr(self, name))
            raise SettingsError(f"{', '.join(missing)} must be set with {present}.")
        return not missing

    @property
    def visitors_url(self) -> str | None:
        """Where visitors reach the server; the deployment's other settings say so."""
        raise NotImplementedError

    def is_on(self, channel: str) -> bool:
        """Whether a channel is on.

        Args:
            channel: a key of `CREDENTIALS`.

        Raises:
            SettingsError: it is set by halves; names what is missing.
        """
        on = self.has_all(*CREDENTIALS[channel])
        if channel == "twilio":
            self._require_whole_twilio(on)
        return on

    def require_whole_channels(self) -> None:
        """Raises SettingsError when a channel is set by halves."""
        for channel in CREDENTIALS:
            self.is_on(channel)

    def _require_whole_twilio(self, on: bool) -> None:
        has_number = self.twilio_sms_number or self.twilio_whatsapp_number
        if has_number and not on:
            raise SettingsError("TWILIO_ACCOUNT_SID must be set with a number of Twilio's.")
        if on and not has_number:
            raise SettingsError(
                "TWILIO_SMS_NUMBER or TWILIO_WHATSAPP_NUMBER must be set with TWILIO_ACCOUNT_SID."
            )
        if on and not self.visitors_url:
            raise SettingsError("PUBLIC_URL must be set with TWILIO_ACCOUNT_SID.")

    def messaging(self) -> dict[str, str]:
        """The settings of all messaging channels, as environment variables for a child."""
        kept = tuple(f"{channel}_" for channel in (*CREDENTIALS, "messaging"))
        values = {name: getattr(self, name) for name in self.__fields__ if name.startswith(kept)}
        return {name.upper(): "" if v is None else str(v) for name, v in values.items()}
