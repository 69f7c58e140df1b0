"""Twilio and Telegram: when they are on, and what they make of a request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest
from rasa.shared.exceptions import RasaException

from assistant.errors import SettingsError
from assistant.settings import Settings
from extensions import lean_imports
from extensions.channels.matrix import MatrixChannel
from extensions.channels.messaging.base import MessagingChannel, OffChannel
from extensions.channels.messenger import MessengerChannel
from extensions.channels.problems import ProblemError
from extensions.channels.slack import SlackChannel
from extensions.channels.telegram import TelegramChannel
from extensions.channels.twilio import TwilioChannel
from extensions.gate import SafetyGate

TWILIO = {
    "twilio_account_sid": "AC1",
    "twilio_auth_token": "x" * 32,
    "twilio_sms_number": "+12025550100",
    "public_url": "https://chat.example.org",
}
TELEGRAM = {"telegram_bot_token": "1:abc", "telegram_webhook_secret": "s" * 20}
SMS = {"AccountSid": "AC1", "MessageSid": "SM1", "From": "+12025550143", "To": "+12025550100"}
USER = {"id": 7, "is_bot": False}
PRIVATE = {"id": 7, "type": "private"}


def without(settings: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in settings.items() if name not in names}


@pytest.mark.parametrize(
    "kind", [TwilioChannel, TelegramChannel, SlackChannel, MessengerChannel, MatrixChannel]
)
def test_without_credentials_it_is_off(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path, kind: type[MessagingChannel]
) -> None:
    bare_environment.setenv("STATE_DIR", str(tmp_path))
    channel = kind.from_credentials(None)
    assert isinstance(channel, OffChannel)
    assert channel.url_prefix() == kind.name()
    assert not channel.blueprint(Mock()).routes


@pytest.mark.parametrize(
    ("kind", "set_", "missing"),
    [
        (TwilioChannel, without(TWILIO, "twilio_auth_token"), "TWILIO_AUTH_TOKEN must be set"),
        (TwilioChannel, without(TWILIO, "twilio_sms_number"), "TWILIO_SMS_NUMBER or"),
        (TwilioChannel, {"twilio_sms_number": "+12025550100"}, "TWILIO_ACCOUNT_SID must be set"),
        (TelegramChannel, without(TELEGRAM, "telegram_webhook_secret"), "TELEGRAM_WEBHOOK_SECRET"),
        (SlackChannel, {"slack_signing_secret": "x"}, "SLACK_BOT_TOKEN must be set with"),
        (MessengerChannel, {"messenger_page_token": "x"}, "MESSENGER_APP_SECRET, MESSENGER_VERIFY"),
        (MatrixChannel, {"matrix_token": "x"}, "MATRIX_HOMESERVER, MATRIX_USER must be set with"),
    ],
)
def test_set_by_halves_it_stops_the_start_and_names_what_is_missing(
    bare_environment: pytest.MonkeyPatch,
    tmp_path: Path,
    kind: type[MessagingChannel],
    set_: dict[str, str],
    missing: str,
) -> None:
    bare_environment.setenv("STATE_DIR", str(tmp_path))
    for name, value in set_.items():
        bare_environment.setenv(name.upper(), value)
    with pytest.raises(RasaException, match=missing):
        kind.from_credentials(None)


def test_in_production_twilio_needs_the_public_address() -> None:
    settings = Settings(environment="production", **without(TWILIO, "public_url"))
    with pytest.raises(SettingsError, match=r"^PUBLIC_URL must be set"):
        TwilioChannel.is_on(settings)


@pytest.fixture
def twilio(settings: Settings, gate: SafetyGate) -> TwilioChannel:
    lean_imports.bring("twilio")
    return TwilioChannel(settings.copy(update=TWILIO), gate)


@pytest.fixture
def telegram(settings: Settings, gate: SafetyGate) -> TelegramChannel:
    return TelegramChannel(settings.copy(update=TELEGRAM), gate)


def form(**fields: str) -> Any:
    return Mock(body=urlencode({**SMS, **fields}).encode())


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"Body": "hello"}, "text", "hello"),
        ({"Body": "", "NumMedia": "1"}, "other", None),
        ({"Body": "look", "NumMedia": "1"}, "text", "look"),
        ({"Body": "", "Latitude": "1.0", "Longitude": "2.0"}, "other", None),
        ({"Body": "Yes", "ListId": "choice-1"}, "choice", "Yes"),
        ({"Body": ""}, "text", None),
    ],
)
def test_what_twilio_tells(
    twilio: TwilioChannel, fields: dict[str, str], kind: str, text: str | None
) -> None:
    (message,) = twilio.parse(form(**fields))
    assert (message.kind, message.text, message.event_id) == (kind, text, "SM1")
    assert message.address == message.person == "+12025550143"
    assert message.choice == fields.get("ListId")


def test_what_is_for_another_number_is_not_for_us(twilio: TwilioChannel) -> None:
    assert twilio.parse(form(To="+12025550199", Body="hello")) == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join(b"a=1" for _ in range(500)), b""])
def test_a_malformed_form_is_refused(twilio: TwilioChannel, body: bytes) -> None:
    with pytest.raises(ProblemError) as refused:
        twilio.verify(Mock(body=body, headers={"x-twilio-signature": "guess"}))
    assert refused.value.status == 403


def update(**content: Any) -> Any:
    return Mock(body=json.dumps({"update_id": 1, **content}).encode())


def test_what_telegram_tells(telegram: TelegramChannel) -> None:
    message = {"message_id": 1, "from": USER, "chat": PRIVATE, "text": "hello"}
    (said,) = telegram.parse(update(message=message))
    assert (said.kind, said.text, said.person, said.address) == ("text", "hello", "7", "7")
    (edited,) = telegram.parse(update(edited_message=message))
    assert edited.text == "hello"
    query = {"id": "9", "from": USER, "message": message, "data": "choice-1"}
    (pressed,) = telegram.parse(update(callback_query=query))
    assert (pressed.kind, pressed.choice, pressed.address) == ("choice", "choice-1", "7")


@pytest.mark.parametrize(
    "content",
    [
        {"message": {"from": USER, "chat": {"id": -1, "type": "group"}, "text": "hello"}},
        {"message": {"from": {"id": 8, "is_bot": True}, "chat": PRIVATE, "text": "hello"}},
        {"channel_post": {"chat": {"id": -1, "type": "channel"}, "text": "hello"}},
        {"my_chat_member": {"chat": PRIVATE, "from": USER}},
        {"callback_query": {"id": "9", "from": USER, "inline_message_id": "1", "data": "x"}},
    ],
)
def test_what_is_not_one_person_s_is_left_alone(
    telegram: TelegramChannel, content: dict[str, Any]
) -> None:
    assert telegram.parse(update(**content)) == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b'{"update_id": 1, "message": 7}', b"[" * 9999]
)
def test_a_malformed_update_is_refused(telegram: TelegramChannel, body: bytes) -> None:
    with pytest.raises(ProblemError) as refused:
        telegram.parse(Mock(body=body))
    assert refused.value.status == 400
