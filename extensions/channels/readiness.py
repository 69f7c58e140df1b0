"""Whether a question can be answered right now: each part is really tried."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import rasa
from rasa.core.agent import Agent

from extensions.tracker_store import EncryptedTrackerStore

_CHECK_SECONDS = 5.0
# The smallest call that the action server accepts.
_ACTION_CALL: dict[str, Any] = {
    "next_action": "action_check_readiness",
    "sender_id": "readiness",
    "tracker": {
        "sender_id": "readiness",
        "slots": {},
        "latest_message": {},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    },
    "domain": {},
    "version": rasa.__version__,
}


def conversations(agent: Agent | None) -> EncryptedTrackerStore | None:
    """The store of the running agent; None when it is not ours or not there yet."""
    store = getattr(agent, "tracker_store", None)
    # Rasa wraps a store where its wrapping is not patched away.
    store = getattr(store, "_tracker_store", store)
    return store if isinstance(store, EncryptedTrackerStore) else None


async def failing_parts(agent: Agent | None) -> list[str]:
    """Tries the parts that an answer needs.

    Returns:
        Names of those that fail: "model", "actions", "store"; none when all is well.
    """
    store = conversations(agent)
    if agent is None or not agent.is_ready():
        # Without an agent nothing else can be tried.
        return ["model"]
    checks: dict[str, Awaitable[None]] = {"actions": _check_actions(agent)}
    if store is not None:
        checks["store"] = store.check_writable()
    results = await asyncio.gather(*map(_passes, checks.values()))
    failing = [name for name, passed in zip(checks, results, strict=True) if not passed]
    return failing if store is not None else [*failing, "store"]


async def _passes(check: Awaitable[None]) -> bool:
    try:
        await asyncio.wait_for(check, _CHECK_SECONDS)
    except Exception:
        return False
    return True


async def _check_actions(agent: Agent) -> None:
    reply = await agent.action_endpoint.request(json=_ACTION_CALL, method="post")
    if not reply["responses"]:
        raise ValueError("the action server is not ready")
