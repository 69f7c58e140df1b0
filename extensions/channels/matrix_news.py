"""What is new in one room of Matrix, and dealing with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
from nio import AsyncClient, MessageDirection
from nio.responses import RoomInfo, RoomMessagesResponse, SyncResponse
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import AssistantError
from extensions.channels.matrix_client import HomeserverError, accepted
from extensions.channels.matrix_reading import (
    Event,
    changes_room,
    is_edit,
    read,
    since_invitation,
    sources,
)
from extensions.channels.matrix_rooms import Rooms
from extensions.channels.messaging.incoming import Incoming

logger = logging.getLogger(__name__)

# How many events of a room the homeserver tells at once.
PAGE = 100
# After a long absence: so many pages of one room are still read.
_MOST_PAGES = 20
# Noting is given up after a short time, in which so many are noted on a busy machine, too.
_AT_ONCE = 25

# Takes in the messages of one room; whether all of them are safe.
Take = Callable[[Sequence[Incoming]], Awaitable[bool]]
# Whether a change of an earlier message must be answered.
IsUrgent = Callable[[Incoming], bool]


class NotNotedError(AssistantError):
    """What came in could not be noted; it has to be tried again."""


# What may work when it is tried again.
_LATER = (
    HomeserverError,
    NotNotedError,
    SQLAlchemyError,
    OSError,
    asyncio.TimeoutError,
    aiohttp.ClientError,
)


@dataclass(frozen=True)
class News:
    """What one sync says of one room.

    Attributes:
        room: its id.
        info: what happened there; None for an invitation.
        since: the token of the sync before; None at the first start of all.
    """

    room: str
    info: RoomInfo | None
    since: str | None


def news_in(response: SyncResponse, since: str | None) -> list[News]:
    """What a sync says, room by room.

    Args:
        response: of the homeserver.
        since: the token that it was asked with.
    """
    invitations = [News(room, None, since) for room in response.rooms.invite]
    return [
        *invitations,
        *(News(room, info, since) for room, info in response.rooms.join.items()),
    ]


class Reader:
    """Reads what is new."""

    def __init__(self, client: AsyncClient, rooms: Rooms, take: Take, is_urgent: IsUrgent) -> None:
        """Takes the connection, its rooms, and who takes messages in."""
        self._client = client
        self._rooms = rooms
        self._take = take
        self._is_urgent = is_urgent

    async def deal(self, news: News) -> None:
        """Accepts an invitation, leaves a room, or hands on messages.

        What is broken beyond help is left alone, so that it keeps no other from being read.

        Raises:
            HomeserverError, OSError, aiohttp.ClientError, asyncio.TimeoutError: the
                homeserver cannot be asked now.
            NotNotedError: the messages are not safe yet.
        """
        try:
            if news.info is None:
                await self._rooms.enter(news.room)
            else:
                await self._read(news.room, news.info, news.since)
        except _LATER:
            raise
        except Exception as error:
            # The class alone: its text may hold what a person wrote.
            logger.error("A room of Matrix could not be read: %s.", type(error).__name__)

    async def _read(self, room: str, info: RoomInfo, since: str | None) -> None:
        events = await self._events(room, info, since)
        changed = any(map(changes_room, [*sources(info.state), *events]))
        if changed:
            self._rooms.changed(room)
        new = since_invitation(events, self._client.user_id)
        messages = [message for event in new if (message := self._message(room, event))]
        if not (messages or changed):
            return
        kind = await self._rooms.kind(room)
        if kind not in ("private", "left"):
            await self._rooms.leave(room, kind)
        if kind != "private":
            return
        for first in range(0, len(messages), _AT_ONCE):
            if not await self._take(messages[first : first + _AT_ONCE]):
                raise NotNotedError("What came in could not be noted.")

    async def _events(self, room: str, info: RoomInfo, since: str | None) -> list[Event]:
        """The events after the last sync, in order."""
        if since is None:
            # What was said before the first start was said to nobody.
            return []
        events = sources(info.timeline.events)
        if not (info.timeline.limited and info.timeline.prev_batch):
            return events
        missed: list[Event] = []
        start: str | None = info.timeline.prev_batch
        for _ in range(_MOST_PAGES):
            page: RoomMessagesResponse = accepted(
                await self._client.room_messages(room, start, since, MessageDirection.back, PAGE)
            )
            missed += sources(page.chunk)
            start = page.end
            if not (start and page.chunk):
                break
        return [*missed[::-1], *events]

    def _message(self, room: str, event: Event) -> Incoming | None:
        message = read(room, event, self._client.user_id)
        if message is None or not is_edit(event):
            return message
        # A mended typo is no new question; a cry for help is one wherever it stands.
        return message if self._is_urgent(message) else None
