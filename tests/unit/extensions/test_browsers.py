"""Which websites may use the chat, and what browsers are told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import EchoAgent, listening, serving, signed_in
from rasa.core.channels.channel import register
from rasa.server import configure_cors
from sanic import Sanic

from assistant.settings import Settings
from extensions.channels.web import WebChannel
from extensions.tracker_store import EncryptedTrackerStore

Scenario = Callable[[httpx.AsyncClient], Awaitable[Any]]
OURS, EVIL = "https://www.example.org", "https://evil.example"
ASKING = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization",
}


@pytest.fixture
def drive(settings: Settings, store: EncryptedTrackerStore) -> Callable[..., Any]:
    def run(scenario: Scenario, allowed: str | None = f"{OURS}, https://other.example") -> Any:
        async def whole() -> Any:
            allowing = settings.copy(update={"allowed_origins": allowed})
            async with serving(allowing, EchoAgent(store)) as client:
                return await scenario(client)

        return asyncio.run(whole())

    return run


def access(reply: httpx.Response) -> dict[str, str]:
    return {
        name.removeprefix("access-control-"): value
        for name, value in reply.headers.items()
        if name.startswith("access-control-")
    }


def test_an_allowed_website_may_ask_and_read(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        asked = await client.options("/messages", headers={"Origin": OURS, **ASKING})
        assert asked.status_code == 204
        assert access(asked) == {
            "allow-origin": OURS,
            "allow-methods": "GET, POST, DELETE",
            "allow-headers": "Authorization, Content-Type",
            "expose-headers": "Retry-After",
            "max-age": "600",
        }
        headers = {**await signed_in(client), "Origin": OURS}
        reply = await client.post("/messages", json={"text": "hello"}, headers=headers)
        assert access(reply)["allow-origin"] == OURS
        assert "Origin" in reply.headers["vary"]

    drive(scenario)


def test_its_errors_can_be_read_too(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        for reply in (
            await client.post("/messages", headers={"Origin": OURS}),
            await client.get("/nothing", headers={"Origin": OURS}),
            await client.post("/messages", content=b"x" * 1_000_000, headers={"Origin": OURS}),
        ):
            assert reply.status_code in (401, 404, 413)
            assert access(reply)["allow-origin"] == OURS

    drive(scenario)


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "https://www.example.org.evil.example", "http://www.example.org"]
)
@pytest.mark.parametrize("allowed", [None, OURS])
def test_another_website_is_refused(drive: Any, origin: str, allowed: str | None) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        asked = await client.options("/messages", headers={"Origin": origin, **ASKING})
        assert asked.status_code == 403
        assert "ALLOWED_ORIGINS" in asked.json()["detail"]
        assert access(asked) == {}
        assert access(await client.post("/sessions", headers={"Origin": origin})) == {}

    drive(scenario, allowed)


def test_the_widget_may_be_loaded_from_anywhere_without_credentials(
    drive: Any, widget: Path
) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        for path in ("/widget.js", "/widget.json"):
            reply = await client.get(path, headers={"Origin": EVIL})
            assert access(reply) == {"allow-origin": "*"}

    drive(scenario)


def test_every_response_is_told_to_be_taken_for_what_it_is(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        for reply in (
            await client.post("/sessions"),
            await client.get("/history"),
            await client.get("/nothing"),
        ):
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["referrer-policy"] == "no-referrer"
            assert reply.headers["content-security-policy"].startswith("default-src 'none'")

    drive(scenario)


def test_rasas_own_headers_are_kept_out(settings: Settings, store: EncryptedTrackerStore) -> None:
    """Rasa's server answers OPTIONS by itself and would allow credentials."""

    async def scenario() -> None:
        app = Sanic("web_beside_rasas_cors", configure_logging=False)
        configure_cors(app, None)
        app.ctx.agent = EchoAgent(store)
        allowing = settings.copy(update={"allowed_origins": OURS})
        register([WebChannel(allowing)], app, route="/webhooks/")
        async with listening(app) as url, httpx.AsyncClient(base_url=url) as client:
            path = "/webhooks/web/messages"
            asked = await client.options(path, headers={"Origin": OURS, **ASKING})
            assert asked.status_code == 204
            for reply in (asked, await client.post(path, headers={"Origin": OURS})):
                assert access(reply)["allow-origin"] == OURS
                assert "allow-credentials" not in access(reply)
            for method in ("OPTIONS", "POST"):
                reply = await client.request(method, path, headers={"Origin": EVIL, **ASKING})
                assert access(reply) == {}
            for reply in (
                await client.post("/webhooks/web/sessions"),
                await client.post(path),
                await client.get("/webhooks/web/nothing"),
                await client.post(path, content=b"x" * 1_000_000),
            ):
                assert access(reply) == {}

    asyncio.run(scenario())
