"""Telegram, Twilio, Matrix and our own server on loopback, as far as checks ask them."""

from __future__ import annotations

import base64
import time
from typing import Any

from tests.channels.peers.loopback import Call, LoopbackPlatform

BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SID, AUTH_TOKEN = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef"
NUMBER = "+12025550100"
MATRIX_USER, MATRIX_TOKEN = "@assistant:loopback.test", "syt_loopback"

Answer = tuple[int, dict[str, str], Any]


class OurServer(LoopbackPlatform):
    """Our own server, as it is seen from outside.

    Attributes:
        status: what it answers to what is not signed.
        headers: with that.
    """

    def __init__(self) -> None:
        super().__init__()
        self.status = 403
        self.headers: dict[str, str] = {}

    def respond(self, call: Call) -> Answer:
        return self.status, self.headers, {}


class Telegram(LoopbackPlatform):
    """The two calls of the Bot API.

    Attributes:
        bot: what getMe tells.
        webhook: what getWebhookInfo tells.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bot: dict[str, Any] = {"id": 1, "is_bot": True, "username": "loopback_bot"}
        self.webhook: dict[str, Any] = {"url": "", "pending_update_count": 0}

    def failed(self, message: str, minutes: float) -> None:
        """Notes that something could not be delivered so long ago."""
        when = int(time.time() - minutes * 60)
        self.webhook |= {"last_error_date": when, "last_error_message": message}

    def respond(self, call: Call) -> Answer:
        told = {"getMe": self.bot, "getWebhookInfo": self.webhook}
        token, _, method = call.path.removeprefix("/bot").partition("/")
        if token != BOT_TOKEN or method not in told:
            return 401, {}, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        return 200, {}, {"ok": True, "result": told[method]}


class Twilio(LoopbackPlatform):
    """The account and its numbers.

    Attributes:
        account: what is told of the account.
        number: what is told of the number; empty where the account has none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.account: dict[str, Any] = {"sid": SID, "status": "active", "type": "Full"}
        self.number: dict[str, Any] = {
            "phone_number": NUMBER,
            "capabilities": {"sms": True, "voice": True, "mms": True},
            "sms_method": "POST",
            "sms_url": "",
            "sms_application_sid": "",
        }

    def respond(self, call: Call) -> Answer:
        given = call.headers.get("authorization", "").removeprefix("Basic ")
        if given != base64.b64encode(f"{SID}:{AUTH_TOKEN}".encode()).decode():
            return 401, {}, {"code": 20003, "message": "Authenticate", "status": 401}
        if call.path == f"/2010-04-01/Accounts/{SID}.json":
            return 200, {}, self.account
        found = [self.number] if call.query.get("PhoneNumber") == NUMBER and self.number else []
        return 200, {}, {"incoming_phone_numbers": found}


class Homeserver(LoopbackPlatform):
    """The client API, as far as one asks who one is."""

    def respond(self, call: Call) -> Answer:
        if call.path == "/_matrix/client/versions":
            return 200, {}, {"versions": ["v1.11"]}
        if call.headers.get("authorization") != f"Bearer {MATRIX_TOKEN}":
            return 401, {}, {"errcode": "M_UNKNOWN_TOKEN", "error": "?"}
        return 200, {}, {"user_id": MATRIX_USER}
