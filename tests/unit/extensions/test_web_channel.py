"""The HTTP interface of the web channel, over a real socket."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from conftest import ANSWER, EchoAgent, signed_in
from itsdangerous import TimestampSigner
from rasa.core.channels.channel import UserMessage

from extensions.channels import turns
from extensions.tracker_store import EncryptedTrackerStore


def assert_problem(reply: httpx.Response, status: int) -> None:
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    body = reply.json()
    assert body["status"] == status
    assert body["detail"].endswith(".")
    assert "Traceback" not in reply.text


def test_a_text_is_answered_with_every_key(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        reply = await client.post(
            "/messages", json={"text": "What is CBT?"}, headers=await signed_in(client)
        )
        assert reply.status_code == 200
        (message,) = reply.json()["messages"]
        assert set(message) == set(ANSWER.as_dict())
        assert [choice["title"] for choice in message["choices"]] == ["Tell me more", "Thanks"]
        assert all(set(choice) == {"id", "title"} for choice in message["choices"])

    drive(scenario)


def test_a_choice_hands_its_payload_to_rasa_and_its_title_to_the_history(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        reply = await client.post("/messages", json={"text": "hello"}, headers=headers)
        thanks = reply.json()["messages"][0]["choices"][1]
        heard: list[str | None] = []

        async def listen(message: UserMessage) -> None:
            heard.append(message.text)
            await agent.converse(message)

        agent.turn = listen
        pressed = await client.post("/messages", json={"choice": thanks["id"]}, headers=headers)
        assert pressed.status_code == 200
        assert heard == ["/thank"]
        history = (await client.get("/history", headers=headers)).json()["messages"]
        assert [entry.get("text") for entry in history] == ["hello", None, "Thanks", None]

    drive(scenario)


def test_a_text_that_names_a_choice_is_the_choice(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        await client.post("/messages", json={"text": "hello"}, headers=headers)
        heard: list[str | None] = []

        async def listen(message: UserMessage) -> None:
            heard.append(message.text)
            await agent.converse(message)

        agent.turn = listen
        for text in ("thanks!", "2", "thanks a lot"):
            await client.post("/messages", json={"text": text}, headers=headers)
        assert heard == ["/thank", "2", "thanks a lot"]

    drive(scenario)


def test_a_choice_of_another_conversation_is_refused(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        mine, yours = await signed_in(client), await signed_in(client)
        for headers in (mine, yours):
            reply = await client.post("/messages", json={"text": "hello"}, headers=headers)
        choice = reply.json()["messages"][0]["choices"][0]["id"]
        assert_problem(await client.post("/messages", json={"choice": choice}, headers=mine), 400)
        assert_problem(await client.post("/messages", json={"choice": "/thank"}, headers=mine), 400)

    drive(scenario)


@pytest.mark.parametrize("text", ["/thank", "  /restart", '/thank{"topic":"x"}', "/thank@1.0", "/"])
def test_a_leading_slash_is_text(drive: Any, text: str) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        assert (
            await client.post("/messages", json={"text": text}, headers=headers)
        ).status_code == 200
        (parsed,) = agent.parsed[1:]
        assert not parsed.strip().startswith("/")
        history = (await client.get("/history", headers=headers)).json()["messages"]
        assert history[0] == {"from": "person", "text": text.strip()}

    drive(scenario)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[1]", 400),
        (b"null", 400),
        (b"{}", 400),
        (b'{"text": 3}', 400),
        (b'{"text": null}', 400),
        (b'{"text": "a", "choice": "b"}', 400),
        (b'{"text": "a", "sender": "b"}', 400),
        (b'{"text": ""}', 400),
        (b'{"text": " \\u200b\\n"}', 400),
        (b'{"text": "a\\u0000b"}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"choice": 1}', 400),
        (b"[" * 20000, 400),
        (json.dumps({"text": "x" * 2001}).encode(), 413),
        (b'{"text": "' + b"x" * 70_000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:20],
)
def test_malformed_bodies_are_refused_and_the_next_one_is_answered(
    drive: Any, body: bytes, status: int
) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        assert_problem(await client.post("/messages", content=body, headers=headers), status)
        reply = await client.post("/messages", json={"text": "hello"}, headers=headers)
        assert reply.status_code == 200

    drive(scenario)


def test_length_is_counted_in_characters_after_normalising(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        for text in ("e\u0301" * 2000, "\U0001f600" * 2000):
            reply = await client.post("/messages", json={"text": text}, headers=headers)
            assert reply.status_code == 200

    drive(scenario)


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer default", "Basic abc", "Bearer a.b.c", "Bearer " + "x" * 3000],
    ids=lambda value: str(value)[:20],
)
def test_no_conversation_without_a_token_of_ours(drive: Any, authorization: str | None) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = {} if authorization is None else {"Authorization": authorization}
        for method, path in (("POST", "/messages"), ("GET", "/history"), ("DELETE", "/session")):
            reply = await client.request(method, path, headers=headers)
            assert_problem(reply, 401)

    drive(scenario)


def test_a_token_of_another_key_is_refused(drive: Any) -> None:
    forged = TimestampSigner("f" * 40, salt="web conversation").sign("0" * 32).decode()

    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = {"Authorization": f"Bearer {forged}"}
        assert_problem(await client.get("/history", headers=headers), 401)

    drive(scenario)


def test_an_erased_conversation_is_gone_and_its_token_refused(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        await client.post("/messages", json={"text": "hello"}, headers=headers)
        assert (await client.delete("/session", headers=headers)).status_code == 204
        assert_problem(await client.get("/history", headers=headers), 401)
        assert_problem(await client.post("/messages", json={"text": "a"}, headers=headers), 401)
        assert_problem(await client.delete("/session", headers=headers), 401)

    drive(scenario)


def test_erasing_during_a_turn_leaves_nothing(drive: Any, store: EncryptedTrackerStore) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        begun, go_on = asyncio.Event(), asyncio.Event()
        senders: list[str] = []

        async def slow(message: UserMessage) -> None:
            senders.append(message.sender_id)
            begun.set()
            await go_on.wait()
            await agent.converse(message)

        agent.turn = slow
        turn = asyncio.ensure_future(
            client.post("/messages", json={"text": "hello"}, headers=headers)
        )
        await begun.wait()
        assert (await client.delete("/session", headers=headers)).status_code == 204
        go_on.set()
        assert_problem(await turn, 401)
        assert await store.read_events(senders[0]) == []

    drive(scenario)


@pytest.mark.parametrize("failure", ["raises", "hangs", "says nothing"])
def test_every_turn_ends_with_a_message(
    drive: Any, failure: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.2)

    async def fail(message: UserMessage) -> None:
        if failure == "raises":
            raise RuntimeError(f"failed on {message.text}")
        if failure == "hangs":
            await asyncio.sleep(1)

    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        agent.turn = fail
        reply = await client.post(
            "/messages", json={"text": "canary words"}, headers=await signed_in(client)
        )
        assert reply.status_code == 200
        assert reply.json()["messages"] == [turns.APOLOGY]

    drive(scenario)
    assert "canary" not in caplog.text
    for number in ("911", "988", "1-800-662-4357"):
        assert number in turns.APOLOGY["text"]


def test_a_turn_that_is_not_kept_says_so(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        async def answer_and_fail(message: UserMessage) -> None:
            await message.output_channel.send_response(message.sender_id, {"text": "An answer."})
            raise OSError("disk full")

        agent.turn = answer_and_fail
        reply = await client.post(
            "/messages", json={"text": "hello"}, headers=await signed_in(client)
        )
        first, second = reply.json()["messages"]
        assert first["text"] == "An answer."
        assert second == turns.NOT_KEPT

    drive(scenario)


def test_a_turn_goes_on_when_the_client_leaves(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)

        async def slow(message: UserMessage) -> None:
            await asyncio.sleep(0.3)
            await agent.converse(message)

        agent.turn = slow
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/messages", json={"text": "hello"}, headers=headers, timeout=0.1)
        await asyncio.sleep(0.5)
        history = (await client.get("/history", headers=headers)).json()["messages"]
        assert len(history) == 2

    drive(scenario)


def test_messages_of_one_conversation_are_answered_in_order(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        await asyncio.gather(
            *(
                client.post("/messages", json={"text": f"text {n}"}, headers=headers)
                for n in range(8)
            )
        )
        history = (await client.get("/history", headers=headers)).json()["messages"]
        assert [entry["from"] for entry in history] == ["person", "assistant"] * 8

    drive(scenario)


@pytest.mark.parametrize("part", ["model", "actions", "store"])
def test_health_names_the_failing_part(
    drive: Any, part: str, store: EncryptedTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise OSError("broken")

    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        assert (await client.get("/health")).json()["status"] == "ok"
        if part == "model":
            agent.processor = None
        elif part == "actions":
            agent.action_endpoint.request = broken
        else:
            monkeypatch.setattr(store, "check_writable", broken)
        reply = await client.get("/health")
        assert_problem(reply, 503)
        assert reply.json()["failing"] == [part]

    drive(scenario)


def test_wrong_paths_and_methods_are_problems_too(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        assert_problem(await client.get("/nothing"), 404)
        assert_problem(await client.get("/messages"), 405)

    drive(scenario)
