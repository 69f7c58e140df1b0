"""Calls of single actions by a channel, beside a turn of Rasa's."""

from __future__ import annotations

from typing import Any

import rasa
from rasa.core.agent import Agent


async def call_action(
    agent: Agent, name: str, latest_message: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Runs one action on a conversation of one message, or none.

    Args:
        agent: knows where the action server is.
        name: of the action.
        latest_message: what it looks at, as Rasa parses a message.

    Returns:
        Its `events` and `responses`.

    Raises:
        Exception: whatever the call fails with; callers set their own time limit.
    """
    call: dict[str, Any] = {
        "next_action": name,
        "sender_id": name,
        "tracker": {
            "sender_id": name,
            "slots": {},
            "latest_message": latest_message or {},
            "events": [],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": None,
        },
        "domain": {},
        "version": rasa.__version__,
    }
    reply: dict[str, Any] = await agent.action_endpoint.request(json=call, method="post")
    return reply
