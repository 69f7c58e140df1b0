"""The messages of a turn as a stream of events, each as soon as it is there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from conftest import EchoAgent, signed_in
from rasa.core.channels.channel import UserMessage

from extensions.channels import turns
from extensions.conversation_rows import ConversationRetiredError

Event = tuple[str, dict[str, Any]]
SUICIDE = "I want to kill myself"


async def events(reply: httpx.Response) -> AsyncIterator[Event]:
    """The events of a stream, as a browser reads them; a comment is ("", {})."""
    lines: list[str] = []
    async for line in reply.aiter_lines():
        if line.startswith(":"):
            yield "", {}
        elif line:
            lines.append(line)
        elif lines:
            name, data = lines
            yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))
            lines = []


async def streamed(client: httpx.AsyncClient, text: str) -> list[Event]:
    headers = {**await signed_in(client), "Accept": "text/event-stream"}
    async with client.stream("POST", "/messages", json={"text": text}, headers=headers) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "text/event-stream"
        assert reply.headers["x-accel-buffering"] == "no"
        assert "no-store" in reply.headers["cache-control"]
        return [event async for event in events(reply)]


@pytest.mark.parametrize("text", ["hello", SUICIDE])
def test_a_stream_says_the_same_as_the_json(drive: Any, text: str) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        plain = await client.post("/messages", json={"text": text}, headers=headers)
        first, *told, last = await streamed(client, text)
        assert first == ("typing", {})
        assert last == ("done", {})
        shown = [message | {"choices": []} for _, message in told]
        assert {name for name, _ in told} == {"message"}
        assert shown == [message | {"choices": []} for message in plain.json()["messages"]]

    drive(scenario)


def test_each_message_comes_as_soon_as_it_is_there(
    drive: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_QUIET_SECONDS", 0.05)

    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        go_on = asyncio.Event()

        async def slow(message: UserMessage) -> None:
            await message.output_channel.send_response("", {"text": "The first."})
            await go_on.wait()
            await message.output_channel.send_response("", {"text": "The second."})

        agent.turn = slow
        headers = {**await signed_in(client), "Accept": "text/event-stream"}
        async with client.stream(
            "POST", "/messages", json={"text": "hello"}, headers=headers
        ) as reply:
            coming = events(reply)
            assert (await coming.__anext__())[0] == "typing"
            name, message = await coming.__anext__()
            assert (name, message["text"]) == ("message", "The first.")
            # Nothing more yet, but the connection is kept open.
            assert (await coming.__anext__())[0] == ""
            go_on.set()
            rest = [event async for event in coming if event[0]]
        assert [name for name, _ in rest] == ["message", "done"]
        assert rest[0][1]["text"] == "The second."

    drive(scenario)


@pytest.mark.parametrize(
    ("failure", "last"),
    [(RuntimeError("canary words"), turns.APOLOGY), (ConversationRetiredError(), None)],
    ids=["fails", "erased"],
)
def test_a_stream_that_fails_says_so_and_ends(
    drive: Any, failure: Exception, last: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        async def fail(message: UserMessage) -> None:
            raise failure

        agent.turn = fail
        _, (name, said), (end, _) = await streamed(client, "hello")
        assert end == "done"
        if last:
            assert (name, said) == ("message", last)
        else:
            assert name == "problem"
            assert said["status"] == 401
            assert said["detail"].endswith(".")

    drive(scenario)
    assert "canary" not in caplog.text


def test_what_is_refused_is_no_stream(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = {**await signed_in(client), "Accept": "text/event-stream"}
        for body, sent, status in (({"text": ""}, headers, 400), ({"text": "a"}, {}, 401)):
            reply = await client.post(
                "/messages", json=body, headers={"Accept": "text/event-stream", **sent}
            )
            assert reply.status_code == status
            assert reply.headers["content-type"] == "application/problem+json"

    drive(scenario)


def test_a_turn_goes_on_when_the_reader_of_the_stream_leaves(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        go_on = asyncio.Event()

        async def slow(message: UserMessage) -> None:
            await go_on.wait()
            await agent.converse(message)

        agent.turn = slow
        async with client.stream(
            "POST",
            "/messages",
            json={"text": "hello"},
            headers={**headers, "Accept": "text/event-stream"},
        ) as reply:
            assert (await events(reply).__anext__())[0] == "typing"
        go_on.set()
        for _ in range(50):
            history = (await client.get("/history", headers=headers)).json()["messages"]
            if len(history) == 2:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the turn was lost")

    drive(scenario)
