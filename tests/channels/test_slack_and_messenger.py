"""Slack and Messenger with both servers live: what people see, through the platforms' protocols."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from commands import channel_check
from tests.channels.peers import messenger_events, slack_events
from tests.channels.peers import messenger_peer as meta
from tests.channels.peers import slack_peer as slack
from tests.channels.peers.messenger_peer import MessengerPeer
from tests.channels.peers.slack_events import channel_of
from tests.channels.peers.slack_peer import SlackPeer
from tests.serving import Live, running_assistant

pytestmark = pytest.mark.live


@dataclass(frozen=True)
class Connected:
    """The assistant with its two platforms."""

    live: Live
    slack: SlackPeer
    meta: MessengerPeer

    def webhook(self, channel: str) -> str:
        return self.live.address.replace("/webhooks/web", f"/webhooks/{channel}/webhook")


@pytest.fixture(scope="module")
def connected() -> Iterator[Connected]:
    with SlackPeer() as of_slack, MessengerPeer() as of_meta:
        values = {
            "slack_bot_token": slack.TOKEN,
            "slack_signing_secret": slack_events.SECRET,
            "slack_api_url": of_slack.api,
            "messenger_page_token": meta.PAGE_TOKEN,
            "messenger_app_secret": messenger_events.APP_SECRET,
            "messenger_verify_token": meta.VERIFY_TOKEN,
            "messenger_api_url": f"{of_meta.url}/v25.0",
        }
        with running_assistant(**values) as live:
            yield Connected(live, of_slack, of_meta)


def _slack_says(
    connected: Connected, user: str, event: dict[str, object], count: int
) -> list[slack.Posted]:
    """Delivers an event; the messages that the person has then seen."""
    peer, home = connected.slack, channel_of(user)
    assert peer.deliver(connected.webhook("slack"), event).status_code == 200
    peer.wait(lambda: len(peer.to(home)) >= count)
    return peer.to(home)


def _meta_says(
    connected: Connected, person: str, event: dict[str, object], count: int
) -> list[meta.Sent]:
    peer = connected.meta
    assert peer.deliver(connected.webhook("messenger"), event).status_code == 200
    peer.wait(lambda: len(peer.to(person)) >= count)
    return peer.to(person)


def test_a_question_in_slack_is_answered_with_its_sources(connected: Connected) -> None:
    user = "U0ASK"
    asked = connected.slack.message(user, "what is CBT?")
    opening, answer = _slack_says(connected, user, asked, 2)
    assert "automated program, not a person" in opening.shown
    assert answer.shown.startswith("Cognitive behavioral therapy, or CBT, ")
    assert "[2] <https://nida.nih.gov/" in answer.shown
    title, value = next(iter(answer.buttons.items()))
    seen = _slack_says(connected, user, connected.slack.press(user, value), 3)
    assert seen[2].shown != answer.shown
    assert "no longer offered" not in seen[2].shown, title


def test_an_emergency_in_slack_is_answered_and_the_chat_goes_on(connected: Connected) -> None:
    user = "U0CRISIS"
    event = connected.slack.message(user, "i want to kill myself")
    (crisis,) = _slack_says(connected, user, event, 1)
    assert "988" in crisis.shown
    assert "911" in crisis.shown
    # Its retry, as Slack sends it when it did not hear of the first.
    connected.slack.deliver(connected.webhook("slack"), event, retry=1)
    seen = _slack_says(connected, user, connected.slack.message(user, "what is DBT?"), 3)
    assert [posted.shown for posted in seen].count(crisis.shown) == 1
    assert "Dialectical behavior therapy" in seen[-1].shown


def test_a_question_on_messenger_is_answered_with_its_sources(connected: Connected) -> None:
    person = "7100000000000001"
    opening, answer = _meta_says(
        connected, person, connected.meta.message(person, "what is CBT?"), 2
    )
    assert "automated program, not a person" in opening.text
    assert answer.text.startswith("Cognitive behavioral therapy, or CBT, ")
    assert "[2] National Institute on Drug Abuse" in answer.text
    assert "https://nida.nih.gov/" in answer.text
    assert "\n1. " in answer.text
    seen = _meta_says(connected, person, connected.meta.message(person, "1"), 3)
    assert seen[2].text != answer.text
    payload = next(iter(answer.quick_replies.values()))
    pressed = connected.meta.press(person, "…", payload)
    assert "no longer offered" not in _meta_says(connected, person, pressed, 4)[3].text


def test_an_emergency_on_messenger_is_answered_in_spanish(connected: Connected) -> None:
    person = "7100000000000002"
    said = connected.meta.message(person, "me quiero morir")
    (crisis,) = _meta_says(connected, person, said, 1)
    assert "988" in crisis.text
    assert "llam" in crisis.text.lower()


def test_a_giant_body_stops_nobody(connected: Connected) -> None:
    url, person = connected.webhook("messenger"), "7100000000000003"
    giant = connected.meta.message(person, "x" * 1_000_000)
    # Or the server hangs up before all of it was sent.
    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        assert connected.meta.deliver(url, giant).status_code == 413
    said = connected.meta.message(person, "what is CBT?")
    assert len(_meta_says(connected, person, said, 2)) == 2


@pytest.mark.parametrize("channel", ["slack", "messenger"])
def test_the_check_of_a_running_deployment_finds_nothing_wrong(
    connected: Connected,
    channel: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = connected.webhook(channel)
    connected.meta.callback_url = url
    public = url.removesuffix(f"/webhooks/{channel}/webhook")
    settings = connected.live.settings.copy(update={"public_url": public})
    monkeypatch.setattr(channel_check, "load_settings", lambda: settings)
    assert channel_check.main(channel) == 0
    told = capsys.readouterr()
    assert f"The server answers at {url} and refuses what is not signed." in told.out
    assert told.err == ""


def test_channels_that_are_off_have_no_address(connected: Connected) -> None:
    assert httpx.post(connected.webhook("telegram")).status_code == 404
    assert httpx.get(connected.webhook("slack")).status_code in (404, 405)


def test_nobody_and_nothing_said_is_in_any_file(connected: Connected) -> None:
    user, canary = "U0SECRET9", "canary-4f1c8d"
    said = connected.slack.message(user, f"my name is {canary}, what is CBT?")
    _slack_says(connected, user, said, 2)
    folder = connected.live.settings.state_dir
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for word in (canary, user, channel_of(user), slack.TOKEN, slack_events.SECRET):
                assert word.encode() not in content, path.name
