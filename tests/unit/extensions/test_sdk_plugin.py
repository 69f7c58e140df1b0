"""The hardened action server: who may call it and what it never says."""

from __future__ import annotations

import asyncio
import itertools
import sys
import types
from typing import Any

import httpx
import pytest
import rasa_sdk.endpoint
from conftest import listening
from rasa_sdk import Action
from sanic import Sanic

import rasa_sdk_plugins
from assistant.settings import Settings

_names = itertools.count()
KEY = {"X-Actions-Key": "a" * 20}


class Echo(Action):
    """Fails with what the person wrote, or answers."""

    def name(self) -> str:
        return "action_echo"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        if tracker.latest_message["text"] == "canary":
            raise RuntimeError("canary")
        dispatcher.utter_message(text="ready")
        return []


class NoDeliveries:
    """Stands for what sends beside the actions."""

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass


def call(text: str = "hello") -> dict[str, Any]:
    return {
        "next_action": "action_echo",
        "version": "3.6.21",
        "tracker": {"sender_id": "one", "latest_message": {"text": text}, "slots": {}},
    }


def send(monkeypatch: pytest.MonkeyPatch, key: str | None, **request: Any) -> httpx.Response:
    """Sends one request to a hardened action server."""
    monkeypatch.setattr(rasa_sdk_plugins, "load_settings", lambda: Settings(actions_key=key))
    monkeypatch.setattr(
        rasa_sdk.endpoint, "Sanic", lambda *_, **options: Sanic(f"sdk_{next(_names)}", **options)
    )
    monkeypatch.setattr(rasa_sdk_plugins, "Deliveries", NoDeliveries)
    package = types.ModuleType("echo_actions")
    monkeypatch.setitem(sys.modules, "echo_actions", package)
    app = rasa_sdk.endpoint.create_app(package, cors_origins="*")
    rasa_sdk_plugins.attach_sanic_app_extensions(app)

    async def scenario() -> httpx.Response:
        async with listening(app) as url, httpx.AsyncClient(base_url=url) as http:
            return await http.request(**{"method": "POST", "url": "/webhook", **request})

    return asyncio.run(scenario())


@pytest.mark.parametrize("headers", [{}, {"X-Actions-Key": "wrong"}, {"X-Actions-Key": ""}])
def test_without_the_key_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    for url in ("/webhook", "/actions", "/health"):
        reply = send(monkeypatch, "a" * 20, url=url, method="GET", headers=headers)
        assert reply.status_code == 401


def test_with_the_key_the_action_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    reply = send(monkeypatch, "a" * 20, json=call(), headers=KEY)
    assert reply.status_code == 200
    assert reply.json()["responses"][0]["text"] == "ready"


def test_without_a_key_only_this_machine_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(monkeypatch, None, json=call()).status_code == 200
    for address, may_call in (("::1", True), ("10.0.0.1", False), ("", False)):
        stranger: Any = types.SimpleNamespace(ip=address, headers={})
        assert rasa_sdk_plugins._may_call(stranger, None) is may_call


def test_an_error_says_nothing_of_the_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reply = send(monkeypatch, "a" * 20, json=call("canary"), headers=KEY)
    assert reply.status_code == 500
    assert "canary" not in reply.text
    assert "canary" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_compressed_bodies_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {**KEY, "Content-Encoding": "deflate"}
    reply = send(monkeypatch, "a" * 20, content=b"x", headers=headers)
    assert reply.status_code == 415


def test_no_other_web_page_may_read_a_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {**KEY, "Origin": "https://example.com"}
    reply = send(monkeypatch, "a" * 20, json=call(), headers=headers)
    assert reply.status_code == 200
    assert not [name for name in reply.headers if name.startswith("access-control")]
