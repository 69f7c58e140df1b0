"""Requests that no widget sends: one clear sentence, no trace, and the next one is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from conftest import EchoAgent, serving, signed_in

from assistant.settings import Settings
from extensions.tracker_store import EncryptedTrackerStore

Scenario = Callable[[httpx.AsyncClient], Awaitable[Any]]
DEEP = b"[" * 50_000 + b"]" * 50_000


@pytest.fixture
def drive(settings: Settings, store: EncryptedTrackerStore) -> Callable[[Scenario], Any]:
    """Runs a scenario; afterwards somebody else is answered."""

    def run(scenario: Scenario) -> Any:
        async def whole() -> Any:
            async with serving(settings, EchoAgent(store)) as client:
                found = await scenario(client)
                headers = await signed_in(client)
                reply = await client.post("/messages", json={"text": "hello"}, headers=headers)
                assert reply.json()["messages"][0]["kind"] == "answer"
                return found

        return asyncio.run(whole())

    return run


def assert_one_sentence(status: int, content_type: str, body: bytes) -> None:
    assert 400 <= status < 500
    assert content_type == "application/problem+json"
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["detail"].endswith(".")
    for sign in (b"Traceback", b"Error", b"sanic", b'File "', b".py"):
        assert sign not in body


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "' + b"x" * 1_000_000 + b'"}',
        DEEP,
        b'{"text": ' + DEEP + b"}",
        b'{"choice": "\\u0000"}',
        b'{"choice": "\\udfff"}',
        b'{"choice": ["a"]}',
        b'{"text": {"text": "a"}}',
        b'{"text": 1e999}',
        b'{"text": "a", "text": null}',
        b"\x00" * 1000,
        "{'text': 'a'}".encode("utf-16"),
        b"text=a",
    ],
    ids=lambda value: value[:16].decode("latin-1").encode("unicode_escape").decode(),
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_body_that_is_no_message(drive: Any, body: bytes, accept: str) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        headers = {**await signed_in(client), "Accept": accept}
        reply = await client.post("/messages", content=body, headers=headers)
        assert_one_sentence(reply.status_code, reply.headers["content-type"], reply.content)

    drive(scenario)


@pytest.mark.parametrize(
    "head",
    [
        # Sanic would read for ever, and nobody else would be answered.
        b"Content-Length: -5",
        b"Content-Length: many",
        b"Content-Length: 1_0",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Authorization: Bearer \xff\x00",
        b"no header",
    ],
    ids=lambda value: value[:48].decode("latin-1").encode("unicode_escape").decode(),
)
def test_headers_that_are_hardly_http(drive: Any, head: bytes) -> None:
    async def scenario(client: httpx.AsyncClient) -> bytes:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        line = b"POST /webhooks/web/messages HTTP/1.1\r\nHost: x\r\n"
        writer.write(line + head + b"\r\n\r\nhello")
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        writer.close()
        assert_one_sentence(int(answer.split()[1]), "application/problem+json", body)
        return answer

    assert b"application/problem+json" in drive(scenario)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GARBAGE", b"400"),
        (b"\x16\x03\x01\x02\x00", b"400"),
        (b"GET / HTTP/9.9", b"400"),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000, b"413"),
    ],
    ids=["garbage", "TLS", "version", "long"],
)
def test_a_head_that_is_no_request(drive: Any, line: bytes, status: bytes) -> None:
    async def scenario(client: httpx.AsyncClient) -> bytes:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(line + b"\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer

    answer = drive(scenario)
    assert answer.split()[1] == status
    assert b"Traceback" not in answer


def test_ids_that_are_guessed_or_borrowed_open_nothing(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        mine = await signed_in(client)
        await client.post("/messages", json={"text": "my secret"}, headers=mine)
        token = mine["Authorization"].removeprefix("Bearer ")
        conversation_id, stamp, signature = token.split(".")
        other = (await signed_in(client))["Authorization"].removeprefix("Bearer ")
        guesses = [
            conversation_id,
            f"{conversation_id}.{stamp}",
            f"{conversation_id}.{stamp}.{other.split('.')[2]}",
            f"{other.split('.')[0]}.{stamp}.{signature}",
            f"{conversation_id}.zzzzzz.{signature}",
            token[:-1],
            f"{token}, Bearer {other}",
            "default",
            "../" + token,
        ]
        for guess in guesses:
            headers = {"Authorization": f"Bearer {guess}"}
            for method, path in (
                ("GET", "/history"),
                ("DELETE", "/session"),
                ("POST", "/messages"),
            ):
                reply = await client.request(method, path, headers=headers)
                assert reply.status_code == 401, guess
                assert_one_sentence(401, reply.headers["content-type"], reply.content)
        for header in ("Cookie", "X-Authorization"):
            reply = await client.get(f"/history?token={token}", headers={header: token})
            assert reply.status_code == 401
        history = (await client.get("/history", headers=mine)).json()["messages"]
        assert history[0]["text"] == "my secret"

    drive(scenario)
