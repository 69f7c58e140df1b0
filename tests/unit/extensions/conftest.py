"""Fixtures: settings in a temporary folder, a store, and a running web channel."""

from __future__ import annotations

import asyncio
import itertools
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from cryptography.fernet import Fernet

from extensions import lean_imports

if "rasa" not in sys.modules:
    # Without TensorFlow the tests start in seconds.
    lean_imports.install()

from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from sanic import Sanic
from sanic.touchup import TouchUp

from assistant.message import Choice, Message
from assistant.provider import Provider
from assistant.safety.counts import CrisisCounts
from assistant.safety.emergency import Emergency
from assistant.safety.protocol import Protocol
from assistant.safety.resources import crisis_texts
from assistant.settings import Settings
from extensions.channels import pages
from extensions.channels.web import WebChannel
from extensions.emergencies import Watch
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore

DOMAIN = Domain.from_dict(
    {
        "intents": ["ask", "thank", "crisis"],
        "actions": ["action_show_crisis_resources"],
        "slots": {
            "crisis": {"type": "any", "mappings": [{"type": "custom"}]},
            "topic": {"type": "any", "mappings": [{"type": "custom"}]},
            "name": {"type": "any", "mappings": [{"type": "custom"}]},
        },
    }
)
ANSWER = Message(
    kind="answer",
    text="CBT is a kind of therapy.",
    choices=(Choice("Tell me more", "tell me more"), Choice("Thanks", "/thank")),
)
_names = itertools.count()
# Sanic rewrites its own code when it starts, which works once a process only.
_touch_ups = iter([TouchUp.run])


def _touch_up_once(app: Sanic) -> None:
    for touch_up in _touch_ups:
        touch_up(app)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with all secrets, whose state is below `tmp_path`."""
    return Settings(
        state_dir=tmp_path,
        token_secret="t" * 40,
        data_keys=Fernet.generate_key().decode(),
        actions_key="a" * 20,
    )


@pytest.fixture
def store(settings: Settings) -> EncryptedTrackerStore:
    """An empty store with a small domain."""
    return EncryptedTrackerStore(DOMAIN, settings=settings)


class EchoAgent:
    """Stands for Rasa's agent: keeps what is said and answers it always the same.

    Attributes:
        turn: what a message does; tests replace it.
        parsed: texts that the NLU was asked about.
    """

    def __init__(self, store: EncryptedTrackerStore) -> None:
        self.tracker_store = store
        self.lock_store = InMemoryLockStore()
        self.action_endpoint: Any = ReadyActions()
        self.processor: Any = type("Processor", (), {"model_filename": "model.tar.gz"})
        self.turn: Callable[[UserMessage], Awaitable[None]] = self.converse
        self.parsed: list[str] = []

    def is_ready(self) -> bool:
        return self.processor is not None

    async def parse_message(self, text: str) -> dict[str, Any]:
        self.parsed.append(text)
        return {"text": text, "intent": {"name": "ask", "confidence": 1.0}, "entities": []}

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            await self.turn(message)

    async def converse(self, message: UserMessage) -> None:
        tracker = await self.tracker_store.get_or_create_tracker(
            message.sender_id, append_action_listen=False
        )
        tracker.update(
            UserUttered(
                message.text,
                {"name": "ask", "confidence": 1.0},
                parse_data=message.parse_data,
                metadata=message.metadata,
            )
        )
        bot = BotUttered(ANSWER.text, metadata={"message": ANSWER.as_dict()})
        tracker.update(bot)
        await message.output_channel.send_response(message.sender_id, bot.message())
        tracker.update(ActionExecuted("action_listen"))
        await self.tracker_store.save(tracker)


class WordDetector:
    """Stands for the detector: says what emergency a few plain words are.

    Attributes:
        looked: texts that it was asked about.
        broken: makes it raise.
    """

    def __init__(self) -> None:
        self.looked: list[str] = []
        self.broken = False

    def detect(self, text: str) -> Emergency | None:
        self.looked.append(text)
        if self.broken:
            raise ValueError(text)
        if "kill myself" in text:
            return Emergency("suicide", "other" if "my son" in text else "self", "direct")
        if "quiero morir" in text:
            return Emergency("suicide", "self", "direct", "es")
        if "overdosed" in text:
            return Emergency("overdose", "other", "direct")
        if "worried about my dad" in text:
            return Emergency("withdrawal_emergency", "other", "likely")
        return None


@pytest.fixture
def detector() -> WordDetector:
    return WordDetector()


@pytest.fixture
def gate(settings: Settings, detector: WordDetector) -> SafetyGate:
    """A gate that notices a few plain words."""
    return SafetyGate(Watch(detector), Protocol(crisis_texts()), CrisisCounts(settings.state_dir))


ARTICLES = {"edition": "0123456789abcdef", "problem": ""}


class ReadyActions:
    """Stands for the endpoint of an action server that is up."""

    async def request(self, **_: Any) -> dict[str, Any]:
        return {"events": [], "responses": [{"articles": ARTICLES}]}


@pytest.fixture
def widget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a built widget, which the channel serves."""
    folder = tmp_path / "widget"
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "widget.js").write_text("export const built = 1;", "utf-8")
    (folder / "demo").mkdir()
    page = '<script type="module" src="widget.js" integrity="%INTEGRITY%"></script>'
    (folder / "demo" / "index.html").write_text(page, "utf-8")
    (folder / "demo" / "demo.css").write_text("body { margin: 0 }", "utf-8")
    (folder / "demo" / "notes.txt").write_text("not for the public", "utf-8")
    monkeypatch.setattr(pages, "WIDGET", folder)
    return folder


@asynccontextmanager
async def listening(app: Sanic) -> AsyncIterator[str]:
    """Serves an application on a free port of loopback; gives its URL."""
    # Sanic takes port 0 for its default port.
    sock = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    assert server is not None
    with mock.patch.object(TouchUp, "run", _touch_up_once):
        await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()


@asynccontextmanager
async def serving(
    settings: Settings,
    agent: EchoAgent,
    gate: SafetyGate | None = None,
    provider: Provider | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """Serves the web channel, with a client for it; the gate notices nothing but plain words."""
    gate = gate or SafetyGate(
        Watch(WordDetector()), Protocol(crisis_texts()), CrisisCounts(settings.state_dir)
    )
    app = Sanic(f"web_{next(_names)}", configure_logging=False)
    app.ctx.agent = agent
    register([WebChannel(settings, gate, provider)], app, route="/webhooks/")
    async with (
        listening(app) as url,
        httpx.AsyncClient(base_url=f"{url}/webhooks/web", timeout=20) as client,
    ):
        yield client


async def signed_in(client: httpx.AsyncClient) -> dict[str, str]:
    """Headers of a new conversation."""
    reply = await client.post("/sessions")
    return {"Authorization": f"Bearer {reply.json()['token']}"}


Scenario = Callable[[httpx.AsyncClient, EchoAgent], Awaitable[Any]]


@pytest.fixture
def drive(settings: Settings, store: EncryptedTrackerStore) -> Callable[[Scenario], Any]:
    """Runs a scenario against a served channel."""

    def run(scenario: Scenario) -> Any:
        async def whole() -> Any:
            agent = EchoAgent(store)
            async with serving(settings, agent) as client:
                return await scenario(client, agent)

        return asyncio.run(whole())

    return run
