"""What the NLU took messages for, read from the conversations that Rasa kept."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from assistant.settings import Settings
from extensions import lean_imports


def recognised_intents(tokens: Sequence[str], settings: Settings) -> list[str]:
    """The intent of the last message of each conversation; empty where there is none.

    Args:
        tokens: of the web channel; each begins with the conversation's id.
        settings: of the servers, for their store and its key.
    """
    if "rasa" not in sys.modules:
        lean_imports.install()
    from rasa.shared.core.domain import Domain

    from extensions.tracker_store import EncryptedTrackerStore

    store = EncryptedTrackerStore(Domain.empty(), settings=settings)

    async def intent(token: str) -> str:
        tracker = await store.retrieve_full_tracker(token.partition(".")[0])
        message = tracker.latest_message if tracker else None
        return (message.intent_name or "") if message else ""

    async def all_of_them() -> list[str]:
        return [await intent(token) for token in tokens]

    return asyncio.run(all_of_them())
