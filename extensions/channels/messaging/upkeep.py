"""What is done again and again in the background of a messaging channel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from assistant.settings import Settings
from extensions.channels.messaging.rows import MessageRows
from extensions.channels.messaging.threads import in_thread

logger = logging.getLogger(__name__)


async def every(seconds: float, *works: Callable[[], Awaitable[None]]) -> None:
    """Does some things now and then for ever; they raise nothing."""
    while True:
        for work in works:
            await work()
        await asyncio.sleep(seconds)


def kept(settings: Settings) -> timedelta:
    """How long a message that cannot be answered or sent is kept."""
    return timedelta(hours=settings.messaging_retention_hours)


async def purge_quietly(rows: MessageRows, settings: Settings) -> None:
    """Deletes what is past its time; a failure is only logged."""
    contacts = timedelta(days=settings.retention_days)
    try:
        given_up = await in_thread(rows.purge, kept(settings), contacts)
    except Exception as error:
        logger.error("Old messages could not be deleted: %s.", type(error).__name__)
        return
    if given_up:
        logger.error("%d messages were given up after their time.", given_up)
