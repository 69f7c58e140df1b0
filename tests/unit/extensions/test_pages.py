"""The widget and its demo page as a browser gets them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import EchoAgent, serving

from assistant.settings import Settings
from extensions.tracker_store import EncryptedTrackerStore

Scenario = Callable[[httpx.AsyncClient], Awaitable[Any]]


@pytest.fixture
def drive(settings: Settings, store: EncryptedTrackerStore) -> Callable[[Scenario], Any]:
    def run(scenario: Scenario) -> Any:
        async def whole() -> Any:
            async with serving(settings, EchoAgent(store)) as client:
                return await scenario(client)

        return asyncio.run(whole())

    return run


def integrity(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def test_the_script_is_sent_zipped_and_once(drive: Any, widget: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        reply = await client.get("/widget.js")
        assert reply.status_code == 200
        assert reply.content == (widget / "dist" / "widget.js").read_bytes()
        assert reply.headers["content-encoding"] == "gzip"
        assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
        assert reply.headers["cache-control"] == "public, max-age=300"
        assert reply.headers["x-content-type-options"] == "nosniff"
        plain = await client.get("/widget.js", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == reply.content
        again = await client.get("/widget.js", headers={"If-None-Match": reply.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        head = await client.head("/widget.js")
        assert (head.status_code, head.content) == (200, b"")

    drive(scenario)


def test_under_its_version_the_script_is_kept_for_ever(drive: Any, widget: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        embedding = (await client.get("/widget.json")).json()
        reply = await client.get(f"/{embedding['script']}")
        assert "immutable" in reply.headers["cache-control"]
        assert embedding["integrity"] == integrity(reply.content)
        other = await client.get("/widget.js?v=0123456789abcdef")
        assert other.headers["cache-control"] == "public, max-age=300"

    drive(scenario)


def test_a_script_that_was_built_anew_is_sent_at_once(drive: Any, widget: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        before = await client.get("/widget.js")
        (widget / "dist" / "widget.js").write_text("export const built = 2;", "utf-8")
        os.utime(widget / "dist" / "widget.js", (1, 1))
        after = await client.get("/widget.js", headers={"If-None-Match": before.headers["etag"]})
        assert after.text == "export const built = 2;"

    drive(scenario)


def test_the_page_names_the_script_with_version_and_integrity(drive: Any, widget: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        page = await client.get("/")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        found = re.search(r'src="([^"]+)" integrity="([^"]+)"', page.text)
        assert found
        script = await client.get(f"/{found[1]}")
        assert found[2] == integrity(script.content)
        style = await client.get("/demo.css")
        assert style.headers["content-type"] == "text/css; charset=utf-8"

    drive(scenario)


def test_the_page_may_load_and_call_this_server_alone(drive: Any, widget: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        headers = (await client.get("/")).headers
        rules = dict(
            rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
        )
        assert rules == {
            "default-src": "'none'",
            "script-src": "'self'",
            "connect-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'self'",
        }
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"

    drive(scenario)


def test_the_servers_root_leads_to_the_page(drive: Any, widget: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        root = str(client.base_url.copy_with(path="/"))
        for address in (root, str(client.base_url).rstrip("/")):
            reply = await client.get(address, follow_redirects=True)
            assert reply.url.path == "/webhooks/web/"
            assert "integrity=" in reply.text

    drive(scenario)


@pytest.mark.parametrize("path", ["/notes.txt", "/demo/../notes.txt", "/..%2fdist%2fwidget.js"])
def test_nothing_else_of_the_folder_is_sent(drive: Any, widget: Path, path: str) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        assert (await client.get(path)).status_code == 404

    drive(scenario)


@pytest.mark.parametrize("path", ["/", "/widget.js", "/widget.json"])
def test_without_a_built_widget_there_is_a_sentence(drive: Any, widget: Path, path: str) -> None:
    (widget / "dist" / "widget.js").unlink()

    async def scenario(client: httpx.AsyncClient) -> None:
        reply = await client.get(path)
        assert reply.status_code == 404
        assert reply.headers["content-type"] == "application/problem+json"
        assert "make widget" in reply.json()["detail"]
        # Rasa's own greeting, where there is no page to lead to.
        root = await client.get(str(client.base_url.copy_with(path="/")))
        assert root.status_code != 302

    drive(scenario)
