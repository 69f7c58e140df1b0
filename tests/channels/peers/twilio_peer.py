"""Twilio on loopback: takes messages as its API does, and signs webhooks with its own SDK.

https://www.twilio.com/docs/messaging/api/message-resource
https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import base64
import itertools
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from extensions import lean_imports
from tests.channels.peers.http_peer import HttpPeer, Reply, post

ACCOUNT = "AC" + "0" * 32
TOKEN = "f" * 32
SMS_NUMBER = "+12025550100"
PUBLIC_URL = "https://chat.example.org"
WEBHOOK = f"{PUBLIC_URL}/webhooks/twilio/webhook"


@dataclass(frozen=True)
class Text:
    """A message that was sent to a person; `items` are names and ids of a list."""

    to: str
    sender: str
    body: str
    items: dict[str, str]


class TwilioPeer(HttpPeer):
    """Attributes:
    texts: what it has taken, in order.
    templates: the contents that were made, by their ids.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Text] = []
        self.templates: dict[str, dict[str, Any]] = {}
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
        if path.startswith("/v1/Content"):
            return self._content(body)
        if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return 404, {}, self.error(404)
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        listed = self._listed(form) if "ContentSid" in form else (form.get("Body", ""), {})
        if listed is None or not 0 < len(listed[0]) <= 1600:
            return 400, {}, {**self.error(400), "code": 21617}
        self.texts.append(Text(form["To"], form["From"], *listed))
        id = f"SM{next(self._ids):032x}"
        return 201, {}, {"sid": id, "status": "queued", "body": listed[0]}

    def _content(self, body: bytes) -> Reply:
        """Makes a content template, or lists them."""
        if not body:
            contents = [{"sid": sid, **each} for sid, each in self.templates.items()]
            return 200, {}, {"contents": contents, "meta": {"key": "contents"}}
        sid = f"HX{next(self._ids):032x}"
        self.templates[sid] = json.loads(body)
        return 201, {}, {"sid": sid, **self.templates[sid]}

    def _listed(self, form: dict[str, str]) -> tuple[str, dict[str, str]] | None:
        """A list with its variables filled in; None where WhatsApp would refuse it."""
        template = self.templates[form["ContentSid"]]["types"]["twilio/list-picker"]
        variables = json.loads(form["ContentVariables"])
        if not form["To"].startswith("whatsapp:") or any("\n" in v for v in variables.values()):
            return None

        def filled(text: str) -> str:
            return re.sub(r"\{\{(\d+)\}\}", lambda found: str(variables[found[1]]), text)

        items = [{key: filled(text) for key, text in each.items()} for each in template["items"]]
        fit = all(len(each["item"]) <= 24 and len(each["description"]) <= 72 for each in items)
        lead = filled(template["body"])
        if not fit or len(lead) > 1024 or len({each["id"] for each in items}) < len(items):
            return None
        return lead, {each["description"]: each["id"] for each in items}

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
        # The unit tests of the same run do without.
        lean_imports.bring("twilio")
        from twilio.request_validator import RequestValidator

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
