"""The smallest channel: JSON in, a list out; for the tests of what all channels share."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from conftest import EchoAgent, listening
from rasa.core.channels.channel import register
from sanic import Sanic
from sanic.request import Request

from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels.messaging.base import FORGED, MessagingChannel
from extensions.channels.messaging.incoming import Incoming, NotSentError
from extensions.channels.problems import ProblemError
from extensions.gate import SafetyGate

_names = itertools.count()


class ToyChannel(MessagingChannel):
    """Attributes:
    sent: address and text of what the platform has taken.
    failures: what the next tries fail with.
    """

    def __init__(
        self, settings: Settings, gate: SafetyGate | None = None, provider: Provider | None = None
    ) -> None:
        super().__init__(settings, gate, provider)
        self.sent: list[tuple[str, str]] = []
        self.failures: list[NotSentError] = []

    @classmethod
    def name(cls) -> str:
        return "toy"

    def verify(self, request: Request) -> None:
        if request.headers.get("x-secret") != "toy":
            raise ProblemError(403, FORGED)

    def parse(self, request: Request) -> list[Incoming]:
        return [Incoming(**message) for message in json.loads(request.body)]

    async def send(self, address: str, message: dict[str, Any]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((address, message["text"]))


class Platform:
    """The other side of the toy channel: sends, and waits for replies."""

    def __init__(self, client: httpx.AsyncClient, channel: ToyChannel, agent: EchoAgent) -> None:
        self.client = client
        self.channel = channel
        self.agent = agent
        self._numbers = itertools.count()

    async def post(self, *messages: dict[str, Any], key: str = "toy") -> int:
        headers = {"X-Secret": key}
        reply = await self.client.post("/webhook", json=list(messages), headers=headers)
        return reply.status_code

    def said(self, text: str | None, person: str = "ann", **more: Any) -> dict[str, Any]:
        id = f"event-{next(self._numbers)}"
        return {"event_id": id, "person": person, "address": f"to {person}", "text": text, **more}

    def to(self, person: str = "ann") -> list[str]:
        return [text for address, text in self.channel.sent if address == f"to {person}"]

    async def replies(self, count: int, person: str = "ann") -> list[str]:
        await until(lambda: len(self.to(person)) >= count)
        return self.to(person)

    async def settle(self) -> None:
        """Waits until nothing is being answered."""
        await until(lambda: not self.channel.reception._in_hand)
        await asyncio.sleep(0.1)


async def until(true: Callable[[], Any], seconds: float = 10.0) -> None:
    for _ in range(int(seconds / 0.01)):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass in time")


@asynccontextmanager
async def toy_platform(
    settings: Settings, agent: EchoAgent, gate: SafetyGate, provider: Provider | None = None
) -> AsyncIterator[Platform]:
    app = Sanic(f"toy_{next(_names)}", configure_logging=False)
    app.ctx.agent = agent
    channel = ToyChannel(settings, gate, provider)
    register([channel], app, route="/webhooks/")
    async with (
        listening(app) as url,
        httpx.AsyncClient(base_url=f"{url}/webhooks/toy", timeout=20) as client,
    ):
        yield Platform(client, channel, agent)
