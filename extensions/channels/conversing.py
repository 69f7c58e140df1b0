"""What a turn needs to know: is the conversation open, and what Rasa hears."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from sanic.request import Request

from assistant.message import CHOICE_TITLE
from extensions.channels.bodies import Said
from extensions.channels.person_text import parsed_as_text
from extensions.channels.problems import IN_DANGER, ProblemError
from extensions.channels.readiness import conversations
from extensions.channels.rendering import OfferedChoice
from extensions.tracker_store import EncryptedTrackerStore

ENDED = f"This chat has ended. Please start a new one. {IN_DANGER}"
STORE_FAILS = "Something failed here and this could not be done. Please try again in a moment."


def store_of(request: Request) -> EncryptedTrackerStore:
    """The conversation store; raises ProblemError (503) when it is not there."""
    store = conversations(getattr(request.app.ctx, "agent", None))
    if store is None:
        raise ProblemError(503, STORE_FAILS)
    return store


async def refuse_retired(store: EncryptedTrackerStore, conversation_id: str) -> None:
    """Raises ProblemError (401) when a conversation was erased."""
    if await store.is_retired(conversation_id):
        raise ProblemError(401, ENDED)


async def user_message(
    agent: Agent,
    said: Said,
    chosen: OfferedChoice | None,
    metadata: dict[str, Any],
    **address: Any,
) -> UserMessage:
    """What Rasa is to hear.

    Args:
        agent: the running agent.
        said: from the person.
        chosen: where a choice was pressed.
        metadata: what Rasa's actions are told beside the message.
        address: where it comes from and the replies go, as `UserMessage` takes it.
    """
    if chosen:
        # A payload may be a command: the server offered it.
        told = {**metadata, CHOICE_TITLE: chosen.title}
        return UserMessage(chosen.payload, metadata=told, **address)
    parsed = await parsed_as_text(agent, said.text or "")
    return UserMessage(said.text, parse_data=parsed, metadata=metadata or None, **address)
