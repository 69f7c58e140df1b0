"""Whether a question can be answered right now: each part is really tried."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from rasa.core.agent import Agent

from extensions.channels.action_calls import call_action
from extensions.tracker_store import EncryptedTrackerStore

T = TypeVar("T")

_CHECK_SECONDS = 5.0


def conversations(agent: Agent | None) -> EncryptedTrackerStore | None:
    """The store of the running agent; None when it is not ours or not there yet."""
    store = getattr(agent, "tracker_store", None)
    # Rasa wraps a store where its wrapping is not patched away.
    store = getattr(store, "_tracker_store", store)
    return store if isinstance(store, EncryptedTrackerStore) else None


@dataclass(frozen=True)
class Readiness:
    """What a check found.

    Attributes:
        failing: parts that fail: "model", "actions", "store"; none when all is well.
        articles: the edition that is answered from, and why the articles as they
            are now are not live (empty when they are).
    """

    failing: tuple[str, ...]
    articles: dict[str, str] | None = None


async def check(agent: Agent | None) -> Readiness:
    """Tries the parts that an answer needs."""
    if agent is None or not agent.is_ready():
        # Without an agent nothing else can be tried.
        return Readiness(("model",))
    articles, writable = await asyncio.gather(
        _tried(_articles(agent)), _tried(_writable(conversations(agent)))
    )
    tried = {"actions": articles, "store": writable}
    return Readiness(tuple(part for part, found in tried.items() if found is None), articles)


async def _tried(part: Coroutine[Any, Any, T]) -> T | None:
    """What a part says within the time allowed; None when it fails."""
    try:
        return await asyncio.wait_for(part, _CHECK_SECONDS)
    except Exception:
        return None


async def _articles(agent: Agent) -> dict[str, str]:
    reply = await call_action(agent, "action_check_readiness")
    articles: dict[str, str] = reply["responses"][0]["articles"]
    return articles


async def _writable(store: EncryptedTrackerStore | None) -> bool:
    if store is None:
        raise ValueError("the store is not ours")
    await store.check_writable()
    return True
