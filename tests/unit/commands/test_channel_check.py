"""Each check against a platform on loopback: right, and each thing that can be wrong."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from assistant.messaging_settings import MessagingSettings
from assistant.settings import ROOT, Settings
from commands import channel_check
from commands.channel_checks import slack as slack_check
from commands.channel_checks import twilio as twilio_check
from commands.servers import free_port
from tests.channels.peers import messenger_events, slack_events
from tests.channels.peers import messenger_peer as meta
from tests.channels.peers import slack_peer as slack
from tests.channels.peers.loopback import Failure
from tests.unit.commands import platforms

Shown = tuple[int, str, str]
Run = Callable[..., Shown]


@pytest.fixture
def ours() -> Iterator[platforms.OurServer]:
    with platforms.OurServer() as server:
        yield server


@pytest.fixture
def run(
    ours: platforms.OurServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs the check of a channel with settings; gives status, what is right, what is wrong."""

    def check(channel: str, **values: Any) -> Shown:
        settings = Settings(**{"public_url": ours.url, **values})
        monkeypatch.setattr(channel_check, "load_settings", lambda: settings)
        status = channel_check.main(channel)
        out, err = capsys.readouterr()
        for name, value in values.items():
            if name.endswith(("token", "secret", "password")):
                assert value not in out + err
        return status, out, err

    return check


def _webhook(ours: platforms.OurServer, channel: str) -> str:
    return f"{ours.url}/webhooks/{channel}/webhook"


def test_the_guide_names_every_setting_and_every_check() -> None:
    guide = (ROOT / "docs" / "channels.md").read_text("utf-8")
    for name in MessagingSettings.__fields__:
        assert name.upper() in guide
    for channel in channel_check.CHECKS:
        assert f"`make channel-check CHANNEL={channel}`" in guide
        assert f"| {channel} | " in guide


def test_slacks_manifest_in_the_guide_asks_for_what_the_check_wants() -> None:
    guide = (ROOT / "docs" / "channels.md").read_text("utf-8")
    (manifest,) = re.findall(r"^ {3}(display_information:.*?)^ {3}```$", guide, re.M | re.S)
    app = yaml.safe_load(textwrap.dedent(f"   {manifest}"))
    assert set(app["oauth_config"]["scopes"]["bot"]) == {*slack_check.NEEDED, slack_check.MENTIONS}
    events = app["settings"]["event_subscriptions"]
    assert set(events["bot_events"]) == {"app_mention", "message.im"}
    pressed = app["settings"]["interactivity"]
    assert events["request_url"] == pressed["request_url"]
    assert events["request_url"].endswith("/webhooks/slack/webhook")


def test_a_channel_that_is_none_is_told(run: Run) -> None:
    status, out, err = run("fax")
    assert (status, out) == (1, "")
    assert err.startswith("Set CHANNEL to one of twilio, telegram, slack, messenger, matrix: ")


@pytest.mark.parametrize(
    ("channel", "missing"),
    [
        ("twilio", "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN"),
        ("telegram", "TELEGRAM_BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET"),
        ("slack", "SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET"),
        ("messenger", "MESSENGER_PAGE_TOKEN, MESSENGER_APP_SECRET, MESSENGER_VERIFY_TOKEN"),
        ("matrix", "MATRIX_HOMESERVER, MATRIX_USER, MATRIX_TOKEN"),
    ],
)
def test_what_is_not_set_is_named(run: Run, channel: str, missing: str) -> None:
    assert run(channel) == (1, "", f"WRONG: The channel {channel} is off: set {missing}.\n")


def test_half_a_channel_is_told(run: Run) -> None:
    _, _, err = run("slack", slack_bot_token=slack.TOKEN)
    assert err == (
        "WRONG: SLACK_SIGNING_SECRET must be set with SLACK_BOT_TOKEN. Until then the assistant "
        "does not start.\n"
    )


# What every webhook has in common, seen with Telegram.


@pytest.fixture
def telegram() -> Iterator[platforms.Telegram]:
    with platforms.Telegram() as platform:
        yield platform


def _telegram(platform: platforms.Telegram, **changes: Any) -> dict[str, Any]:
    return {
        "telegram_bot_token": platforms.BOT_TOKEN,
        "telegram_webhook_secret": "s" * 20,
        "telegram_api_url": platform.url,
        **changes,
    }


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (404, {}, "answers 404: let the web server pass this path on"),
        (502, {}, "answers 502: start the assistant"),
        (504, {}, "answers 504: see why the assistant does not answer in time"),
        (418, {}, "answers 418: see the web server's log"),
        (200, {}, "takes what is not signed: something other than this assistant"),
        (301, {"Location": "https://example.org/"}, "redirects, which platforms do not follow"),
    ],
)
def test_a_server_that_cannot_be_reached_rightly_is_told(
    run: Run,
    ours: platforms.OurServer,
    telegram: platforms.Telegram,
    status: int,
    headers: dict[str, str],
    told: str,
) -> None:
    ours.status, ours.headers = status, headers
    failed, _, err = run("telegram", **_telegram(telegram))
    assert failed == 1
    assert err.startswith(f"WRONG: {_webhook(ours, 'telegram')} {told}")


def test_a_server_that_is_not_there_is_told(run: Run, telegram: platforms.Telegram) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    status, _, err = run("telegram", **_telegram(telegram, public_url=nowhere))
    assert status == 1
    assert f"Nothing answers at {nowhere}/webhooks/telegram/webhook (ConnectError)" in err


def test_without_a_public_address_it_is_asked_for(run: Run, telegram: platforms.Telegram) -> None:
    status, out, err = run("telegram", **_telegram(telegram, public_url=None))
    assert status == 1
    assert "@loopback_bot" in out
    assert err.startswith("WRONG: PUBLIC_URL is not set: set it to where the platform")


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Failure(500), "Telegram is out of order (500): try again in some minutes."),
        (Failure(429), "Telegram was asked too often: try again in some minutes."),
    ],
)
def test_a_platform_that_fails_is_told(
    run: Run, telegram: platforms.Telegram, failure: Failure, told: str
) -> None:
    telegram.fail(failure)
    assert run("telegram", **_telegram(telegram)) == (1, "", f"WRONG: {told}\n")


def test_a_platform_that_is_not_there_is_told_without_the_token(run: Run) -> None:
    values = {
        "telegram_bot_token": platforms.BOT_TOKEN,
        "telegram_webhook_secret": "s" * 20,
        "telegram_api_url": f"http://127.0.0.1:{free_port()}",
    }
    status, _, err = run("telegram", **values)
    assert status == 1
    assert err.startswith("WRONG: Telegram cannot be reached from here (ConnectError)")


# Telegram


def test_telegram_is_right(
    run: Run, ours: platforms.OurServer, telegram: platforms.Telegram
) -> None:
    url = _webhook(ours, "telegram")
    telegram.webhook["url"] = url
    # Long ago, and mended since.
    telegram.failed("Connection refused", minutes=600)
    status, out, err = run("telegram", **_telegram(telegram))
    assert (status, err) == (0, "")
    assert f"Telegram sends to {url}; 0 wait there." in out


def test_telegrams_faults_are_told(
    run: Run, ours: platforms.OurServer, telegram: platforms.Telegram
) -> None:
    status, _, err = run("telegram", **_telegram(telegram, telegram_bot_token="1:wrong"))
    assert status == 1
    assert err.startswith("WRONG: Telegram does not take TELEGRAM_BOT_TOKEN (401): copy it anew")
    status, _, err = run("telegram", **_telegram(telegram))
    assert status == 1
    assert err.startswith("WRONG: Telegram sends to nowhere and not to ")
    telegram.webhook["url"] = _webhook(ours, "telegram")
    telegram.failed("Wrong response from the webhook: 403 Forbidden", minutes=5)
    status, _, err = run("telegram", **_telegram(telegram))
    assert status == 1
    assert "5 minutes ago (Wrong response from the webhook: 403 Forbidden)" in err
    assert "set the webhook anew with the TELEGRAM_WEBHOOK_SECRET" in err


def test_a_bot_that_can_be_in_groups_is_no_fault(
    run: Run, ours: platforms.OurServer, telegram: platforms.Telegram
) -> None:
    telegram.webhook["url"] = _webhook(ours, "telegram")
    telegram.bot["can_join_groups"] = True
    status, out, _ = run("telegram", **_telegram(telegram))
    assert status == 0
    assert "/setjoingroups" in out


# Twilio


@pytest.fixture
def twilio(ours: platforms.OurServer) -> Iterator[platforms.Twilio]:
    with platforms.Twilio() as platform:
        platform.number["sms_url"] = _webhook(ours, "twilio") + twilio_check.AGAIN
        yield platform


def _twilio(platform: platforms.Twilio, **changes: Any) -> dict[str, Any]:
    return {
        "twilio_account_sid": platforms.SID,
        "twilio_auth_token": platforms.AUTH_TOKEN,
        "twilio_sms_number": platforms.NUMBER,
        "twilio_api_url": platform.url,
        **changes,
    }


def test_twilio_is_right(run: Run, ours: platforms.OurServer, twilio: platforms.Twilio) -> None:
    status, out, err = run("twilio", **_twilio(twilio, twilio_whatsapp_number=platforms.NUMBER))
    assert (status, err) == (0, "")
    assert f"Messages of {platforms.NUMBER} go to {_webhook(ours, 'twilio')}, again" in out
    assert "Twilio does not tell the webhook of a WhatsApp sender" in out


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ({"sms_url": ""}, "go to nowhere and not to http"),
        ({"sms_url": "https://demo.twilio.com/"}, "go to https://demo.twilio.com/ and not to http"),
        ({"sms_method": "GET"}, "come with GET: choose HTTP POST"),
        ({"sms_application_sid": "AP1"}, "A TwiML app takes the messages"),
        ({"capabilities": {"sms": False}}, "cannot take text messages"),
    ],
)
def test_twilios_faults_are_told(
    run: Run, twilio: platforms.Twilio, number: dict[str, Any], told: str
) -> None:
    twilio.number |= number
    status, _, err = run("twilio", **_twilio(twilio))
    assert status == 1
    assert told in err


def test_that_twilio_gives_up_at_once_is_told(
    run: Run, ours: platforms.OurServer, twilio: platforms.Twilio
) -> None:
    url = _webhook(ours, "twilio")
    for there in (url, f"{url}#rc=3"):
        twilio.number["sms_url"] = there
        status, _, err = run("twilio", **_twilio(twilio))
        assert status == 1
        assert f"when the server is busy: enter {url}#rc=3&rp=all under Phone Numbers" in err


def test_a_twilio_account_that_is_not_ours_is_told(run: Run, twilio: platforms.Twilio) -> None:
    status, _, err = run("twilio", **_twilio(twilio, twilio_auth_token="f" * 32))
    assert status == 1
    assert "does not take TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (401)" in err
    twilio.account["status"] = "suspended"
    assert "The Twilio account is suspended" in run("twilio", **_twilio(twilio))[2]
    twilio.account = {"status": "active", "type": "Trial"}
    twilio.number = {}
    status, out, err = run("twilio", **_twilio(twilio))
    assert status == 1
    assert "it is a trial" in out
    assert f"TWILIO_SMS_NUMBER {platforms.NUMBER} is not of this account" in err


# Matrix


@pytest.fixture
def homeserver() -> Iterator[platforms.Homeserver]:
    with platforms.Homeserver() as platform:
        yield platform


def _matrix(platform: platforms.Homeserver, **changes: Any) -> dict[str, Any]:
    return {
        "matrix_homeserver": platform.url,
        "matrix_user": platforms.MATRIX_USER,
        "matrix_token": platforms.MATRIX_TOKEN,
        **changes,
    }


def test_matrix_is_right(run: Run, homeserver: platforms.Homeserver) -> None:
    status, out, err = run("matrix", **_matrix(homeserver))
    assert (status, err) == (0, "")
    assert f"MATRIX_TOKEN is valid: {platforms.MATRIX_USER}." in out


def test_the_homeservers_faults_are_told(
    run: Run, ours: platforms.OurServer, homeserver: platforms.Homeserver
) -> None:
    status, _, err = run("matrix", **_matrix(homeserver, matrix_token="syt_other"))
    assert status == 1
    assert "does not take MATRIX_TOKEN (M_UNKNOWN_TOKEN): log in anew as the assistant" in err
    status, _, err = run("matrix", **_matrix(homeserver, matrix_user="@other:loopback.test"))
    assert status == 1
    assert "MATRIX_TOKEN is of @assistant:loopback.test and not of @other:loopback.test" in err
    status, _, err = run("matrix", **_matrix(homeserver, matrix_homeserver=ours.url))
    assert status == 1
    assert err.startswith(f"WRONG: No Matrix homeserver answers at {ours.url}")


# Slack


@pytest.fixture
def slack_peer() -> Iterator[slack.SlackPeer]:
    with slack.SlackPeer() as peer:
        yield peer


def _slack(peer: slack.SlackPeer, **changes: Any) -> dict[str, Any]:
    return {
        "slack_bot_token": slack.TOKEN,
        "slack_signing_secret": slack_events.SECRET,
        "slack_api_url": peer.api,
        **changes,
    }


def test_slacks_faults_are_told(run: Run, slack_peer: slack.SlackPeer) -> None:
    status, _, err = run("slack", **_slack(slack_peer, slack_bot_token="xoxp-person"))
    assert status == 1
    assert "SLACK_BOT_TOKEN is not the token of a bot" in err
    status, _, err = run("slack", **_slack(slack_peer, slack_bot_token="xoxb-other"))
    assert status == 1
    assert "Slack does not take SLACK_BOT_TOKEN (invalid_auth)" in err
    slack_peer.scopes = "im:history"
    status, out, err = run("slack", **_slack(slack_peer))
    assert status == 1
    assert "assistant in Loopback" in out
    assert "The app lacks chat:write: add it under OAuth & Permissions" in err
    # Our own server stands for one that was started with another secret.
    assert "does not take what is signed with SLACK_SIGNING_SECRET (403)" in err
    slack_peer.scopes = "chat:write,im:history"
    assert "without app_mentions:read it says nothing" in run("slack", **_slack(slack_peer))[1]


# Messenger


@pytest.fixture
def facebook(ours: platforms.OurServer) -> Iterator[meta.MessengerPeer]:
    with meta.MessengerPeer() as peer:
        peer.callback_url = _webhook(ours, "messenger")
        yield peer


def _messenger(peer: meta.MessengerPeer, **changes: Any) -> dict[str, Any]:
    return {
        "messenger_page_token": meta.PAGE_TOKEN,
        "messenger_app_secret": messenger_events.APP_SECRET,
        "messenger_verify_token": meta.VERIFY_TOKEN,
        "messenger_api_url": f"{peer.url}/v25.0",
        **changes,
    }


def test_messengers_faults_are_told(run: Run, facebook: meta.MessengerPeer) -> None:
    status, _, err = run("messenger", **_messenger(facebook, messenger_page_token="EAAother"))
    assert status == 1
    assert "Meta does not take MESSENGER_PAGE_TOKEN" in err
    status, _, err = run("messenger", **_messenger(facebook, messenger_app_secret="f" * 32))
    assert status == 1
    assert "MESSENGER_APP_SECRET is not the secret of the app" in err
    facebook.of_person = True
    status, _, err = run("messenger", **_messenger(facebook))
    assert status == 1
    assert "is the token of a person, not of a page" in err


def test_a_webhook_that_messenger_does_not_have_is_told(
    run: Run, ours: platforms.OurServer, facebook: meta.MessengerPeer
) -> None:
    url = _webhook(ours, "messenger")
    facebook.fields = ["messages"]
    status, out, err = run("messenger", **_messenger(facebook))
    assert status == 1
    assert "are valid: Loopback House." in out
    assert "The app's webhook does not get messaging_postbacks" in err
    assert "The page does not send messaging_postbacks to the app" in err
    # Our own server stands for one that was started with another token.
    assert "does not take MESSENGER_VERIFY_TOKEN (403)" in err
    facebook.callback_url = "https://old.example.org/"
    _, _, err = run("messenger", **_messenger(facebook))
    assert f"The app's webhook is https://old.example.org/ and not {url}" in err
    facebook.callback_url = ""
    _, _, err = run("messenger", **_messenger(facebook))
    assert "The app has no webhook: enter it in the app's dashboard" in err
