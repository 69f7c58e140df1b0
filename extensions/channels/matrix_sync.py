"""Reads along on a Matrix homeserver: what is new, in order, nothing twice and nothing lost.

A sync ends when all of it is noted, and only then its token is kept. What comes again
after a failure is known by the ids of its events.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from nio import AsyncClient, MessageDirection
from nio.responses import RoomInfo, RoomMessagesResponse, SyncResponse

from assistant.errors import AssistantError
from extensions.channels.matrix_client import (
    HomeserverError,
    accepted,
    require_account,
    sentence,
)
from extensions.channels.matrix_place import Place
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
from extensions.channels.messaging.sending import backoff
from extensions.channels.messaging.threads import in_thread

logger = logging.getLogger(__name__)

# How long the homeserver holds a request when there is nothing new.
_WAIT_MS = 30_000
_PAGE = 100
# After a long absence: so many events of one room are still read.
_MOST_PAGES = 20
_LONGEST_PAUSE = 60.0
# Noting is given up after a short time, in which so many are noted on a busy machine, too.
_AT_ONCE = 25
_BAD_REQUEST = 400
_FILTER = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {
        "timeline": {"limit": _PAGE},
        "state": {"lazy_load_members": True},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
}

# Takes in the messages of one room; whether all of them are safe.
Take = Callable[[Sequence[Incoming]], Awaitable[bool]]
# Whether a change of an earlier message must be answered.
IsUrgent = Callable[[Incoming], bool]


class NotNotedError(AssistantError):
    """What came in could not be noted; it has to be read again."""


class Sync:
    """The loop that reads along."""

    def __init__(
        self, client: AsyncClient, rooms: Rooms, place: Place, take: Take, is_urgent: IsUrgent
    ) -> None:
        """Takes the connection, its rooms, where its place is kept, and who takes messages in."""
        self._client = client
        self._rooms = rooms
        self._place = place
        self._take = take
        self._is_urgent = is_urgent
        self._token: str | None = None
        self._ready = False
        self._failures = 0
        self._said = ""

    async def run(self) -> None:
        """Reads along for ever; a failure is said once, and tried again."""
        while True:
            try:
                await self._once()
            except Exception as error:
                await self._pause_after(error)
            else:
                self._recovered()

    async def _once(self) -> None:
        if not self._ready:
            await require_account(self._client)
            self._token = await in_thread(self._place.read)
            self._ready = True
        response = await self._synced()
        for room in response.rooms.invite:
            await self._rooms.enter(room)
        for room, info in response.rooms.join.items():
            await self._read_safely(room, info)
        for room in response.rooms.leave:
            self._rooms.changed(room)
        if response.next_batch != self._token:
            await in_thread(self._place.write, response.next_batch)
        self._token = response.next_batch

    async def _synced(self) -> SyncResponse:
        wait = _WAIT_MS if self._token else 0
        try:
            return accepted(
                await self._client.sync(timeout=wait, sync_filter=_FILTER, since=self._token)
            )
        except HomeserverError as error:
            if error.status == _BAD_REQUEST:
                # A homeserver that was set up anew does not know our place.
                self._token = None
            raise

    async def _read_safely(self, room: str, info: RoomInfo) -> None:
        """Reads what is new in a room; one that is broken keeps no other from being read."""
        try:
            await self._read_room(room, info)
        except (HomeserverError, NotNotedError, OSError, asyncio.TimeoutError, aiohttp.ClientError):
            raise
        except Exception as error:
            # The class alone: its text may hold what a person wrote.
            logger.error("A room of Matrix could not be read: %s.", type(error).__name__)

    async def _read_room(self, room: str, info: RoomInfo) -> None:
        events = sources(info.timeline.events)
        if self._token is None:
            # The first start of all: what was said before was said to nobody.
            events = []
        elif info.timeline.limited and info.timeline.prev_batch:
            events = [*await self._missed(room, info.timeline.prev_batch), *events]
        own = self._client.user_id
        new = since_invitation(events, own)
        changed = any(map(changes_room, [*sources(info.state), *events]))
        if changed:
            self._rooms.changed(room)
        messages = [message for event in new if (message := self._read(room, event))]
        if not (messages or changed):
            return
        kind = await self._rooms.kind(room)
        if kind == "private":
            for first in range(0, len(messages), _AT_ONCE):
                if not await self._take(messages[first : first + _AT_ONCE]):
                    raise NotNotedError("What came in could not be noted.")
        elif kind != "left":
            await self._rooms.leave(room, kind)

    def _read(self, room: str, event: Event) -> Incoming | None:
        message = read(room, event, self._client.user_id)
        if message is None or not is_edit(event):
            return message
        # A mended typo is no new question; a cry for help is one wherever it stands.
        return message if self._is_urgent(message) else None

    async def _missed(self, room: str, start: str) -> list[Event]:
        """The events between the last sync and what this one has of a room, in order."""
        missed: list[Event] = []
        at: str | None = start
        for _ in range(_MOST_PAGES):
            page = await self._client.room_messages(
                room, at, self._token, MessageDirection.back, _PAGE
            )
            response: RoomMessagesResponse = accepted(page)
            missed += sources(response.chunk)
            at = response.end
            if not (at and response.chunk):
                break
        return missed[::-1]

    async def _pause_after(self, error: Exception) -> None:
        seconds = min(backoff(self._failures), _LONGEST_PAUSE)
        self._failures += 1
        if isinstance(error, HomeserverError):
            seconds = max(seconds, error.retry_after or 0.0)
        self._say(_said_of(error))
        await asyncio.sleep(seconds)

    def _recovered(self) -> None:
        if self._failures:
            logger.warning("The Matrix channel works again.")
        self._failures, self._said = 0, ""

    def _say(self, text: str) -> None:
        if text != self._said:
            logger.error("The Matrix channel does not work. %s", text)
        self._said = text


def _said_of(error: Exception) -> str:
    if isinstance(error, NotNotedError):
        return str(error)
    if type(error).__module__.startswith("sqlalchemy"):
        return f"The database cannot be reached: {type(error).__name__}."
    return sentence(error)
