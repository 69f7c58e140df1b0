"""Signatures that are no text: refused like any other that is wrong, on every channel."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from messaging_served import Served, beside, drive

from assistant.settings import Settings
from extensions import lean_imports
from extensions.channels.messaging.base import MessagingChannel
from extensions.channels.messenger import MessengerChannel
from extensions.channels.slack import SlackChannel
from extensions.channels.telegram import TelegramChannel
from extensions.channels.twilio import TwilioChannel
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore

CREDENTIALS = {
    "telegram_bot_token": "1:abc",
    "telegram_webhook_secret": "s" * 20,
    "twilio_account_sid": "AC1",
    "twilio_auth_token": "x" * 32,
    "twilio_sms_number": "+12025550100",
    "slack_bot_token": "xoxb-1",
    "slack_signing_secret": "s" * 32,
    "messenger_page_token": "token",
    "messenger_app_secret": "secret",
    "messenger_verify_token": "verify",
}


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        (TelegramChannel, b"X-Telegram-Bot-Api-Secret-Token: "),
        (TwilioChannel, b"X-Twilio-Signature: "),
        (SlackChannel, b"X-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0="),
        (MessengerChannel, b"X-Hub-Signature-256: sha256="),
    ],
)
def test_a_signature_that_is_no_text_is_refused(
    settings: Settings,
    store: EncryptedTrackerStore,
    gate: SafetyGate,
    kind: type[MessagingChannel],
    header: bytes,
) -> None:
    for package in kind.packages:
        lean_imports.bring(package)

    async def scenario(served: Served) -> None:
        for value in (b"\xff\xfe", "é".encode(), b"x" * 5000):
            reply = await beside(_post, served.url, header + value)
            assert reply.startswith(b"HTTP/1.1 403 ")
            assert b"not signed as it should be" in reply

    drive(kind, settings.copy(update=CREDENTIALS), store, gate, scenario)


def _post(url: str, header: bytes) -> bytes:
    """Sends a request whose headers no client would send; returns the beginning of the answer."""
    place = urlsplit(url)
    head = b"POST %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" % place.path.encode()
    kind = b"Content-Type: application/json\r\nContent-Length: 2\r\n"
    with socket.create_connection((place.hostname or "", place.port or 0), 10) as connection:
        connection.sendall(head + kind + header + b"\r\n\r\n{}")
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer
