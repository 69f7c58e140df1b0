"""The Slack channel against Slack's API on loopback, with requests signed by Slack's own SDK."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from messaging_served import Scenario, Served, beside, drive

from assistant.settings import Settings
from commands import channel_check
from extensions.channels.slack import MENTIONED, SlackChannel
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore
from tests.channels.peers.loopback import Failure
from tests.channels.peers.slack_events import (
    BOT_USER,
    SECRET,
    SlackEvents,
    channel_of,
    encoded,
)
from tests.channels.peers.slack_peer import TOKEN, SlackPeer

ANN, BEN = "U000ANN", "U000BEN"
CRISIS = "I want to kill myself"
CANARY = "canary4821"


@pytest.fixture
def slack() -> Iterator[SlackPeer]:
    with SlackPeer() as peer:
        yield peer


@pytest.fixture
def run(
    slack: SlackPeer, settings: Settings, store: EncryptedTrackerStore, gate: SafetyGate
) -> Callable[[Scenario], Any]:
    values = {
        "slack_bot_token": TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_url": slack.api,
        "messages_per_minute": 0,
    }
    connected = settings.copy(update=values)
    return lambda scenario: drive(SlackChannel, connected, store, gate, scenario)


async def _said(slack: SlackPeer, to: str, count: int) -> list[str]:
    await beside(slack.wait, lambda: len(slack.to(to)) >= count)
    return [posted.shown for posted in slack.to(to)]


async def _quiet(slack: SlackPeer) -> None:
    """Waits for what should not come."""
    await asyncio.sleep(0.5)


def test_slack_can_try_the_address(slack: SlackPeer, run: Callable[[Scenario], Any]) -> None:
    async def scenario(served: Served) -> None:
        question = {"type": "url_verification", "token": "x", "challenge": "3eZbrw1aB"}
        reply = await beside(slack.deliver, served.url, question)
        assert (reply.status_code, reply.json()) == (200, {"challenge": "3eZbrw1aB"})
        unsigned = await beside(httpx.post, served.url, json=question)
        assert unsigned.status_code == 403
        assert "3eZbrw1aB" not in unsigned.text

    run(scenario)


def test_a_question_is_answered_and_a_button_pressed(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        reply = await beside(slack.deliver, served.url, slack.message(ANN, "what is CBT?"))
        assert (reply.status_code, reply.content) == (200, b"")
        home = channel_of(ANN)
        opening, answer = await _said(slack, home, 2)
        assert "automated program, not a person" in opening
        assert answer == "CBT is a kind of therapy."
        buttons = slack.to(home)[1].buttons
        assert list(buttons) == ["Tell me more", "Thanks"]
        heard: list[str] = []

        async def listen(message: Any) -> None:
            heard.append(message.text)
            await served.agent.converse(message)

        served.agent.turn = listen
        reply = await beside(slack.deliver, served.url, slack.press(ANN, buttons["Thanks"]))
        assert reply.status_code == 200
        await _said(slack, home, 3)
        assert heard == ["/thank"]

    run(scenario)


def test_a_button_of_another_conversation_is_not_offered(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        for person in (ANN, BEN):
            await beside(slack.deliver, served.url, slack.message(person, "what is CBT?"))
            await _said(slack, channel_of(person), 2)
        of_ann = slack.to(channel_of(ANN))[1].buttons["Thanks"]
        await beside(slack.deliver, served.url, slack.press(BEN, of_ann))
        assert "no longer offered" in (await _said(slack, channel_of(BEN), 3))[2]

    run(scenario)


def test_a_retry_storm_gets_one_answer(slack: SlackPeer, run: Callable[[Scenario], Any]) -> None:
    async def scenario(served: Served) -> None:
        event = slack.message(ANN, "what is CBT?")
        sending = [
            beside(slack.deliver, served.url, event, retry=number % 4) for number in range(20)
        ]
        assert {reply.status_code for reply in await asyncio.gather(*sending)} == {200}
        await _said(slack, channel_of(ANN), 2)
        await beside(slack.deliver, served.url, event, retry=3)
        await _quiet(slack)
        assert len(slack.posted) == 2

    run(scenario)


def test_what_is_forged_or_too_old_is_no_event(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        event = slack.message(ANN, "what is CBT?")
        body, kind = encoded(event)
        good, now = slack.signed(body), time.time()
        forged: list[dict[str, str]] = [
            {},
            {**good, "X-Slack-Signature": "v0=" + "0" * 64},
            {**good, "X-Slack-Signature": "é"},
            {**good, "X-Slack-Request-Timestamp": str(int(now) - 1)},
            {**good, "X-Slack-Request-Timestamp": "soon"},
            {**good, "X-Slack-Request-Timestamp": "9" * 400},
            {key: value for key, value in good.items() if "Signature" in key},
            slack.signed(body, at=now - 301),
            slack.signed(body, at=now + 310),
            SlackEvents(secret="f" * 32).signed(body),
            slack.signed(body + b" "),
        ]
        for headers in forged:
            raw = {name: value.encode() for name, value in headers.items()}
            sent = {"Content-Type": kind.encode(), **raw}
            reply = await beside(httpx.post, served.url, content=body, headers=sent)
            assert reply.status_code == 403, headers
            assert "signed" in reply.json()["detail"]
        await _quiet(slack)
        assert not slack.calls

    run(scenario)


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b"null", b'"text"', b"{}"])
def test_what_is_malformed_is_no_event(
    slack: SlackPeer, run: Callable[[Scenario], Any], body: bytes
) -> None:
    async def scenario(served: Served) -> None:
        try:
            headers = slack.signed(body)
        except UnicodeDecodeError:
            headers = {}
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            reply = await beside(
                httpx.post, served.url, content=body, headers={**headers, "Content-Type": kind}
            )
            empty = body == b"{}" and kind == "application/json"
            assert reply.status_code == (200 if empty else 400 if headers else 403)
        await _quiet(slack)
        assert not slack.calls

    run(scenario)


def test_a_giant_body_is_refused_and_the_next_one_answered(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        giant = slack.message(ANN, "x" * 1_000_000)
        # Or the server hangs up before all of it was sent.
        with contextlib.suppress(httpx.WriteError, httpx.ReadError):
            assert (await beside(slack.deliver, served.url, giant)).status_code == 413
        await beside(slack.deliver, served.url, slack.message(ANN, "what is CBT?"))
        assert len(await _said(slack, channel_of(ANN), 2)) == 2

    run(scenario)


def test_bots_edits_and_channels_are_left_alone(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        for event in (
            slack.message(BOT_USER, "what is CBT?", bot_id="B0001"),
            slack.message(ANN, "what is CBT?", subtype="message_changed"),
            slack.message(ANN, "what is CBT?", channel_type="channel", channel="C0001"),
            slack.press(ANN, "x", channel={"id": "C0001", "name": "general"}),
            {**slack.message(ANN, "x"), "type": "app_rate_limited"},
        ):
            assert (await beside(slack.deliver, served.url, event)).status_code == 200
        await _quiet(slack)
        assert not slack.calls

    run(scenario)


def test_who_mentions_it_before_others_is_answered_alone(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        await beside(slack.deliver, served.url, slack.mention(ANN, "what is CBT?"))
        assert await _said(slack, ANN, 1) == [MENTIONED]
        await beside(slack.deliver, served.url, slack.mention(BEN, CRISIS))
        (crisis,) = await _said(slack, BEN, 1)
        assert "988" in crisis
        assert {posted.channel for posted in slack.posted} == {ANN, BEN}

    run(scenario)


def test_an_emergency_is_answered_past_what_waits(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        gone = asyncio.Event()

        async def hang(_: Any) -> None:
            await gone.wait()

        served.agent.turn = hang
        await beside(slack.deliver, served.url, slack.message(ANN, "what is CBT?"))
        started = time.monotonic()
        await beside(slack.deliver, served.url, slack.message(ANN, CRISIS))
        (crisis,) = await _said(slack, channel_of(ANN), 1)
        assert time.monotonic() - started < 3
        assert "988" in crisis
        assert "911" in crisis
        gone.set()

    run(scenario)


def test_a_file_gets_a_kind_sentence(slack: SlackPeer, run: Callable[[Scenario], Any]) -> None:
    async def scenario(served: Served) -> None:
        voice = slack.message(ANN, "", subtype="file_share", files=[{"id": "F1"}])
        await beside(slack.deliver, served.url, voice)
        said = await _said(slack, channel_of(ANN), 2)
        assert any("can only read text" in text for text in said)

    run(scenario)


def test_slack_wants_less_or_fails_and_nothing_is_lost(
    slack: SlackPeer, run: Callable[[Scenario], Any], caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(served: Served) -> None:
        slack.limit_rate(seconds=2)
        slack.break_down()
        slack.fail(Failure(200, {}, {"ok": False, "error": "token_expired"}, "chat.postMessage"))
        await beside(slack.deliver, served.url, slack.message(ANN, f"what is {CANARY}?"))
        opening, answer = await _said(slack, channel_of(ANN), 2)
        assert "automated program" in opening
        assert answer == "CBT is a kind of therapy."
        first, second = [call.at for call in slack.calls][:2]
        assert second - first >= 2

    caplog.set_level(logging.DEBUG)
    run(scenario)
    told = [
        record.getMessage() for record in caplog.records if record.name.startswith("extensions")
    ]
    assert any("HTTP 429" in line for line in told)
    assert any("HTTP 500" in line for line in told)
    assert any("token_expired" in line for line in told)
    for secret in (CANARY, TOKEN, SECRET, channel_of(ANN), ANN, "kind of therapy"):
        assert not any(secret in line for line in told)


def test_what_slack_will_never_take_is_given_up(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        refused = {"ok": False, "error": "channel_not_found"}
        slack.fail(Failure(200, {}, refused, "chat.postMessage"), times=2)
        await beside(slack.deliver, served.url, slack.message(ANN, "what is CBT?"))
        await beside(slack.wait, lambda: len(slack.calls) == 2)
        await beside(slack.deliver, served.url, slack.message(BEN, "what is CBT?"))
        assert len(await _said(slack, channel_of(BEN), 2)) == 2
        assert len(slack.calls) == 4
        rows = served.channel.reception.rows
        await beside(slack.wait, lambda: rows.next_due() is None)

    run(scenario)


def test_who_writes_in_a_thread_is_answered_there(
    slack: SlackPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        event = slack.message(ANN, "what is CBT?", thread_ts="1700000000.000100")
        await beside(slack.deliver, served.url, event)
        await _said(slack, channel_of(ANN), 2)
        assert [call.body["thread_ts"] for call in slack.calls] == ["1700000000.000100"] * 2

    run(scenario)


def test_the_check_of_a_deployment_finds_nothing_wrong(
    slack: SlackPeer,
    run: Callable[[Scenario], Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def scenario(served: Served) -> None:
        public = served.url.removesuffix("/webhooks/slack/webhook")
        settings = served.channel.settings.copy(update={"public_url": public})
        monkeypatch.setattr(channel_check, "load_settings", lambda: settings)
        assert await beside(channel_check.main, "slack") == 0
        told = capsys.readouterr().out
        assert "SLACK_BOT_TOKEN is valid: assistant in Loopback." in told
        assert f"The server answers at {served.url} and refuses what is not signed." in told
        assert "The server answers what is signed with SLACK_SIGNING_SECRET." in told

    run(scenario)


def test_nobody_is_named_in_what_is_kept(
    slack: SlackPeer, run: Callable[[Scenario], Any], settings: Settings
) -> None:
    async def scenario(served: Served) -> None:
        await beside(slack.deliver, served.url, slack.message(ANN, f"what is {CANARY}?"))
        await _said(slack, channel_of(ANN), 2)

    run(scenario)
    kept = b"".join(path.read_bytes() for path in settings.state_dir.rglob("*") if path.is_file())
    for word in (CANARY, ANN, channel_of(ANN)):
        assert word.encode() not in kept
