"""The Messenger channel against Meta's Graph API on loopback, with requests signed as Meta does."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from messaging_served import Scenario, Served, beside, drive

from assistant.settings import Settings
from commands import channel_check
from extensions.channels.messenger import MessengerChannel
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore
from tests.channels.peers.loopback import Failure
from tests.channels.peers.messenger_events import APP_SECRET, batch
from tests.channels.peers.messenger_peer import PAGE_TOKEN, VERIFY_TOKEN, MessengerPeer, proof_of

ANN, BEN = "7000000000000001", "7000000000000002"
CRISIS = "I want to kill myself"
CANARY = "canary4821"
ANSWER = "CBT is a kind of therapy.\n\n1. Tell me more\n2. Thanks"


@pytest.fixture
def meta() -> Iterator[MessengerPeer]:
    with MessengerPeer() as peer:
        yield peer


@pytest.fixture
def run(
    meta: MessengerPeer,
    settings: Settings,
    store: EncryptedTrackerStore,
    gate: SafetyGate,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Scenario], Any]:
    values = {
        "messenger_page_token": PAGE_TOKEN,
        "messenger_app_secret": APP_SECRET,
        "messenger_verify_token": VERIFY_TOKEN,
        "messenger_api_url": f"{meta.url}/v25.0",
        "messages_per_minute": 0,
    }
    monkeypatch.setattr("extensions.channels.messenger._REST_SECONDS", 1.0)
    connected = settings.copy(update=values)
    return lambda scenario: drive(MessengerChannel, connected, store, gate, scenario)


async def _said(meta: MessengerPeer, to: str, count: int) -> list[str]:
    await beside(meta.wait, lambda: len(meta.to(to)) >= count)
    return [sent.text for sent in meta.to(to)]


async def _quiet() -> None:
    """Waits for what should not come."""
    await asyncio.sleep(0.5)


def test_meta_can_try_the_address(meta: MessengerPeer, run: Callable[[Scenario], Any]) -> None:
    async def scenario(served: Served) -> None:
        reply = await beside(meta.verify, served.url, VERIFY_TOKEN, "1158201444")
        assert (reply.status_code, reply.text) == (200, "1158201444")
        for token in ("guess", "", "é", VERIFY_TOKEN[:-1]):
            reply = await beside(meta.verify, served.url, token)
            assert reply.status_code == 403
            assert "1158201444" not in reply.text
        query = {"hub.verify_token": VERIFY_TOKEN, "hub.challenge": "<b>7</b>"}
        reply = await beside(httpx.get, served.url, params=query)
        assert reply.status_code == 403
        reply = await beside(httpx.get, served.url, params={**query, "hub.mode": "subscribe"})
        assert reply.headers["content-type"].startswith("text/plain")

    run(scenario)


def test_a_question_is_answered_and_a_quick_reply_pressed(
    meta: MessengerPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        reply = await beside(meta.deliver, served.url, meta.message(ANN, "what is CBT?"))
        assert (reply.status_code, reply.content) == (200, b"")
        opening, answer = await _said(meta, ANN, 2)
        assert "automated program, not a person" in opening
        assert answer == ANSWER
        replies = meta.to(ANN)[1].quick_replies
        assert list(replies) == ["Tell me more", "Thanks"]
        assert meta.calls[0].query == {"appsecret_proof": proof_of(PAGE_TOKEN)}
        heard: list[str] = []

        async def listen(message: Any) -> None:
            heard.append(message.text)
            await served.agent.converse(message)

        served.agent.turn = listen
        pressed, typed = meta.press(ANN, "Thanks", replies["Thanks"]), meta.message(ANN, "1")
        for count, said in ((3, pressed), (4, typed)):
            await beside(meta.deliver, served.url, said)
            await _said(meta, ANN, count)
        assert heard == ["/thank", "tell me more"]

    run(scenario)


def test_a_batch_is_answered_whole_and_sent_again_it_is_not(
    meta: MessengerPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        said = [meta.message(person, "what is CBT?") for person in (ANN, BEN)]
        said.append(meta.message("7003", CRISIS))
        said.append(meta.echo(ANN, "what is CBT?"))
        storm = [beside(meta.deliver, served.url, *said) for _ in range(10)]
        assert {reply.status_code for reply in await asyncio.gather(*storm)} == {200}
        for person in (ANN, BEN):
            assert (await _said(meta, person, 2))[1] == ANSWER
        assert "988" in (await _said(meta, "7003", 1))[0]
        await beside(meta.deliver, served.url, *reversed(said))
        await _quiet()
        told = sorted((sent.person, sent.text[:20]) for sent in meta.sent)
        assert told == sorted(set(told))
        assert len(told) == 5

    run(scenario)


def test_what_is_forged_is_no_event(meta: MessengerPeer, run: Callable[[Scenario], Any]) -> None:
    async def scenario(served: Served) -> None:
        body = batch(meta.message(ANN, "what is CBT?"))
        good = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        sha1 = hmac.new(APP_SECRET.encode(), body, hashlib.sha1).hexdigest()
        forged: list[dict[str, str]] = [
            {},
            {"X-Hub-Signature-256": good},
            {"X-Hub-Signature-256": f"sha256={good[:-1]}"},
            {"X-Hub-Signature-256": "sha256=é"},
            {"X-Hub-Signature": f"sha1={sha1}"},
            {"X-Hub-Signature-256": f"sha1={sha1}"},
        ]
        for headers in forged:
            sent = {name: value.encode() for name, value in headers.items()}
            reply = await beside(httpx.post, served.url, content=body, headers=sent)
            assert reply.status_code == 403, headers
        changed = {"X-Hub-Signature-256": f"sha256={good}"}
        reply = await beside(httpx.post, served.url, content=body + b" ", headers=changed)
        assert reply.status_code == 403
        other = await beside(
            meta.deliver, served.url, meta.message(ANN, "what is CBT?"), secret="f" * 32
        )
        assert other.status_code == 403
        await _quiet()
        assert not meta.calls

    run(scenario)


def test_a_giant_body_is_refused_and_the_next_one_answered(
    meta: MessengerPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        giant = meta.message(ANN, "x" * 1_000_000)
        # Or the server hangs up before all of it was sent.
        with contextlib.suppress(httpx.WriteError, httpx.ReadError):
            assert (await beside(meta.deliver, served.url, giant)).status_code == 413
        await beside(meta.deliver, served.url, meta.message(ANN, "what is CBT?"))
        assert (await _said(meta, ANN, 2))[1] == ANSWER

    run(scenario)


def test_what_is_malformed_is_told_and_what_is_not_for_us_taken(
    meta: MessengerPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        for body, status in ((b"{", 400), (b"\xff", 400), (b"[" * 10_000, 400), (b"[]", 200)):
            signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
            headers = {"X-Hub-Signature-256": f"sha256={signature}"}
            reply = await beside(httpx.post, served.url, content=body, headers=headers)
            assert reply.status_code == status
        await _quiet()
        assert not meta.calls

    run(scenario)


@pytest.mark.parametrize("kind", ["image", "audio", "location", "fallback"])
def test_what_is_no_text_gets_a_kind_sentence(
    meta: MessengerPeer, run: Callable[[Scenario], Any], kind: str
) -> None:
    async def scenario(served: Served) -> None:
        attachment = {"type": kind, "payload": {"url": "https://example.org/x"}}
        await beside(meta.deliver, served.url, meta.message(ANN, attachments=[attachment]))
        assert any("can only read text" in text for text in await _said(meta, ANN, 2))

    run(scenario)


def test_meta_wants_less_or_fails_and_nothing_is_lost(
    meta: MessengerPeer, run: Callable[[Scenario], Any], caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(served: Served) -> None:
        meta.limit_rate()
        meta.break_down()
        meta.fail(Failure(502))
        await beside(meta.deliver, served.url, meta.message(ANN, f"what is {CANARY}?"))
        opening, answer = await _said(meta, ANN, 2)
        assert "automated program" in opening
        assert answer == ANSWER

    caplog.set_level(logging.DEBUG)
    run(scenario)
    ours = [record for record in caplog.records if record.name.startswith("extensions")]
    told = [record.getMessage() for record in ours]
    assert any("HTTP 400, error 613" in line for line in told)
    assert any("HTTP 500, error 2" in line for line in told)
    assert any("HTTP 502" in line for line in told)
    for secret in (CANARY, PAGE_TOKEN, APP_SECRET, ANN, "kind of therapy"):
        assert not any(secret in line for line in told)


def test_after_24_hours_meta_takes_nothing_and_it_is_given_up(
    meta: MessengerPeer, run: Callable[[Scenario], Any]
) -> None:
    async def scenario(served: Served) -> None:
        meta.closed.add(ANN)
        await beside(meta.deliver, served.url, meta.message(ANN, "what is CBT?"))
        await beside(meta.wait, lambda: len(meta.calls) == 2)
        await beside(meta.deliver, served.url, meta.message(BEN, "what is CBT?"))
        assert (await _said(meta, BEN, 2))[1] == ANSWER
        assert len(meta.calls) == 4
        rows = served.channel.reception.rows
        await beside(meta.wait, lambda: rows.next_due() is None)

    run(scenario)


def test_the_check_of_a_deployment_finds_nothing_wrong(
    meta: MessengerPeer,
    run: Callable[[Scenario], Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def scenario(served: Served) -> None:
        meta.callback_url = served.url
        public = served.url.removesuffix("/webhooks/messenger/webhook")
        settings = served.channel.settings.copy(update={"public_url": public})
        monkeypatch.setattr(channel_check, "load_settings", lambda: settings)
        assert await beside(channel_check.main, "messenger") == 0
        told = capsys.readouterr().out
        assert f"The app's webhook is {served.url}." in told
        assert "The page sends its messages to the app." in told
        assert "The server answers with MESSENGER_VERIFY_TOKEN." in told

    run(scenario)


def test_nobody_is_named_in_what_is_kept(
    meta: MessengerPeer, run: Callable[[Scenario], Any], settings: Settings
) -> None:
    async def scenario(served: Served) -> None:
        await beside(meta.deliver, served.url, meta.message(ANN, f"what is {CANARY}?"))
        await _said(meta, ANN, 2)

    run(scenario)
    kept = b"".join(path.read_bytes() for path in settings.state_dir.rglob("*") if path.is_file())
    for word in (CANARY, ANN):
        assert word.encode() not in kept
