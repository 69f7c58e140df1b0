"""Twilio on loopback: takes messages as its API does, and signs webhooks with its own SDK.

https://www.twilio.com/docs/messaging/api/message-resource
https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import base64
import itertools
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from twilio.request_validator import RequestValidator

from tests.channels.peers.http_peer import HttpPeer, Reply, post

ACCOUNT = "AC" + "0" * 32
TOKEN = "f" * 32
SMS_NUMBER = "+12025550100"
PUBLIC_URL = "https://chat.example.org"
WEBHOOK = f"{PUBLIC_URL}/webhooks/twilio/webhook"


@dataclass(frozen=True)
class Text:
    """A message that was sent to a person."""

    to: str
    sender: str
    body: str


class TwilioPeer(HttpPeer):
    """Attributes:
    texts: what it has taken, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Text] = []
        self._ids = itertools.count()

    def settings(self) -> dict[str, Any]:
        """What connects an assistant to it."""
        return {
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": TOKEN,
            "twilio_sms_number": SMS_NUMBER,
            "twilio_whatsapp_number": SMS_NUMBER,
            "twilio_api_url": self.url,
            "public_url": PUBLIC_URL,
        }

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if headers.get("Authorization") != f"Basic {expected}":
            return 401, {}, self.error(401)
        if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return 404, {}, self.error(404)
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if not 0 < len(form.get("Body", "")) <= 1600:
            return 400, {}, {**self.error(400), "code": 21617}
        self.texts.append(Text(form["To"], form["From"], form["Body"]))
        return (
            201,
            {},
            {"sid": f"SM{next(self._ids):032}", "status": "queued", "body": form["Body"]},
        )

    def error(self, status: int) -> dict[str, Any]:
        return {"status": status, "code": 20000 + status, "message": "failed", "more_info": ""}

    def to(self, number: str) -> list[str]:
        """The texts that a number has got."""
        return [text.body for text in list(self.texts) if text.to == number]

    def message(self, number: str, body: str, **fields: str) -> dict[str, str]:
        """What Twilio tells of a message from a number, such as whatsapp:+12025550111."""
        prefix = "whatsapp:" if number.startswith("whatsapp:") else ""
        id = f"SM{next(self._ids):032x}"
        return {
            "ToCountry": "US",
            "MessageSid": id,
            "SmsMessageSid": id,
            "NumMedia": "0",
            "FromZip": "",
            "SmsStatus": "received",
            "Body": body,
            "To": prefix + SMS_NUMBER,
            "From": number,
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            **fields,
        }

    def signed(
        self, message: dict[str, str], token: str = TOKEN, url: str = WEBHOOK
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of the webhook for a message."""
        signature = RequestValidator(token).compute_signature(url, message)
        headers = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        return headers, urlencode(message).encode()

    def deliver(self, address: str, message: dict[str, str]) -> int:
        """Sends a webhook to an assistant.

        Args:
            address: of the assistant's web channel.
            message: from `message`.

        Returns:
            The HTTP status.
        """
        return post(webhook(address, "twilio"), *self.signed(message))


def webhook(address: str, channel: str) -> str:
    """Where a channel listens, by where the web channel does."""
    return address.replace("/webhooks/web", f"/webhooks/{channel}/webhook")
