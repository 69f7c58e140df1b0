"""A real channel on loopback, for tests against the peer of its platform."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from conftest import EchoAgent, listening
from rasa.core.channels.channel import register
from sanic import Sanic

from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels.messaging.base import MessagingChannel
from extensions.channels.web import WebChannel
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore

_names = itertools.count()


@dataclass(frozen=True)
class Served:
    """A channel that is up.

    Attributes:
        url: its webhook.
        channel: itself.
        agent: what stands for Rasa.
    """

    url: str
    channel: MessagingChannel
    agent: EchoAgent


@asynccontextmanager
async def served(
    kind: type[MessagingChannel], settings: Settings, agent: EchoAgent, gate: SafetyGate
) -> AsyncIterator[Served]:
    """Serves a channel beside the web channel, whose limits hold for all."""
    app = Sanic(f"served_{next(_names)}", configure_logging=False)
    app.ctx.agent = agent
    channel = kind(settings, gate, Provider())
    register([WebChannel(settings, gate), channel], app, route="/webhooks/")
    async with listening(app) as address:
        yield Served(f"{address}/webhooks/{channel.name()}/webhook", channel, agent)


async def beside(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Runs what blocks, such as a peer that waits, beside the server."""
    return await asyncio.to_thread(work, *arguments, **named)


Scenario = Callable[[Served], Awaitable[Any]]


def drive(
    kind: type[MessagingChannel],
    settings: Settings,
    store: EncryptedTrackerStore,
    gate: SafetyGate,
    scenario: Scenario,
) -> Any:
    """Runs a scenario against a served channel."""

    async def whole() -> Any:
        async with served(kind, settings, EchoAgent(store), gate) as running:
            return await scenario(running)

    return asyncio.run(whole())
