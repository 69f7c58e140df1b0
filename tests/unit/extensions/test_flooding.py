"""Who asks for too much is told to wait; an emergency is answered all the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from conftest import EchoAgent, WordDetector, serving, signed_in
from rasa.core.channels.channel import UserMessage

from assistant.settings import Settings
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore

Scenario = Callable[[httpx.AsyncClient, EchoAgent], Awaitable[Any]]
SUICIDE = "I want to kill myself"


@pytest.fixture
def drive(settings: Settings, store: EncryptedTrackerStore, gate: SafetyGate) -> Callable[..., Any]:
    """Runs a scenario against a channel with the limits given, behind a proxy."""

    def run(scenario: Scenario, **limits: int) -> Any:
        limited = settings.copy(update={"trusted_proxies": "127.0.0.1", **limits})

        async def whole() -> Any:
            agent = EchoAgent(store)
            async with serving(limited, agent, gate) as client:
                return await scenario(client, agent)

        return asyncio.run(whole())

    return run


def assert_refused(reply: httpx.Response, seconds: int) -> None:
    assert reply.status_code == 429
    body = reply.json()
    assert "wait" in body["detail"]
    assert "911" in body["detail"]
    assert "988" in body["detail"]
    assert 1 <= int(reply.headers["retry-after"]) <= seconds
    assert body["retry_after"] == int(reply.headers["retry-after"])


async def say(client: httpx.AsyncClient, text: str, headers: dict[str, str]) -> httpx.Response:
    return await client.post("/messages", json={"text": text}, headers=headers)


def test_one_conversation_is_refused_and_the_others_are_answered(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        mine, yours = await signed_in(client), await signed_in(client)
        for number in range(3):
            assert (await say(client, f"text {number}", mine)).status_code == 200
        assert_refused(await say(client, "one more", mine), 60)
        assert (await say(client, "hello", yours)).status_code == 200
        history = (await client.get("/history", headers=mine)).json()["messages"]
        assert len(history) == 6

    drive(scenario, messages_per_minute=3)


def test_an_emergency_is_answered_over_the_limit(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        for _ in range(3):
            last = await say(client, "hello", headers)
        assert_refused(last, 60)
        # Also at the end of a text that would be too long.
        for text in (SUICIDE, "so much happened. " * 200 + SUICIDE):
            reply = await say(client, text, headers)
            assert reply.status_code == 200
            assert reply.json()["messages"][0]["kind"] == "crisis"

    drive(scenario, messages_per_minute=2)


def test_malformed_messages_count_too(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        for _ in range(2):
            assert (await say(client, "", headers)).status_code == 400
        assert_refused(await say(client, "hello", headers), 60)

    drive(scenario, messages_per_minute=2)


def test_an_address_is_limited_in_all_its_conversations(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        school, home = {"X-Forwarded-For": "203.0.113.5"}, {"X-Forwarded-For": "203.0.113.6"}
        conversations = [await signed_in(client) for _ in range(4)]
        for headers in conversations[:3]:
            assert (await say(client, "hello", {**headers, **school})).status_code == 200
        assert_refused(await say(client, "hello", {**conversations[3], **school}), 60)
        urgent = await say(client, SUICIDE, {**conversations[3], **school})
        assert urgent.json()["messages"][0]["kind"] == "crisis"
        assert (await say(client, "hello", {**conversations[3], **home})).status_code == 200

    drive(scenario, address_messages_per_minute=3)


def test_new_conversations_of_an_address_are_limited(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        school = {"X-Forwarded-For": "203.0.113.5"}
        for _ in range(2):
            assert (await client.post("/sessions", headers=school)).status_code == 201
        assert_refused(await client.post("/sessions", headers=school), 3600)
        assert (await client.post("/sessions")).status_code == 201

    drive(scenario, address_sessions_per_hour=2)


def test_other_requests_are_limited_but_erasing_is_not(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        for _ in range(8):
            assert (await client.get("/history", headers=headers)).status_code == 200
        assert_refused(await client.get("/history", headers=headers), 60)
        assert (await say(client, "hello", headers)).status_code == 200
        assert (await client.delete("/session", headers=headers)).status_code == 204
        school = {"X-Forwarded-For": "203.0.113.5"}
        for _ in range(4):
            assert (await client.get("/health", headers=school)).status_code == 200
        assert_refused(await client.get("/health", headers=school), 60)

    drive(scenario, messages_per_minute=2, address_messages_per_minute=1)


def test_a_flood_does_not_hold_up_another_persons_message(
    drive: Any, detector: WordDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(text: str) -> None:
        # As long as the real one takes on a slow day; 100 of them take a second.
        time.sleep(0.01)

    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        mine, yours = await signed_in(client), await signed_in(client)
        for number in range(5):
            await say(client, f"first {number}", mine)
        monkeypatch.setattr(detector, "detect", slow)
        without_limit = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=client.base_url, timeout=20, limits=without_limit
        ) as flooder:
            flood = [asyncio.ensure_future(say(flooder, f"text {n}", mine)) for n in range(100)]
            await asyncio.sleep(0.5)
            for number in range(5):
                started = time.perf_counter()
                assert (await say(client, f"hello {number}", yours)).status_code == 200
                assert time.perf_counter() - started < 0.5
            assert not all(task.done() for task in flood)
            assert {reply.status_code for reply in await asyncio.gather(*flood)} == {429}

    drive(scenario, messages_per_minute=5)


def test_a_refused_message_reaches_neither_rasa_nor_the_store(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        heard: list[str | None] = []

        async def listen(message: UserMessage) -> None:
            heard.append(message.text)
            await agent.converse(message)

        agent.turn = listen
        headers = await signed_in(client)
        for number in range(5):
            await say(client, f"text {number}", headers)
        assert heard == ["text 0", "text 1"]

    drive(scenario, messages_per_minute=2)
