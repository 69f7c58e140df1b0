"""Reads along on a Matrix homeserver: what is new, in order, nothing twice and nothing lost.

The token of a sync is kept when all that it told is noted, so that a restart goes on
there. What cannot be noted is tried again while the reading goes on: a homeserver may
answer the same question with the same answer for minutes, and an emergency must be heard
while the database is away.
"""

from __future__ import annotations

import asyncio
import logging

from nio import AsyncClient
from nio.responses import SyncResponse
from sqlalchemy.exc import SQLAlchemyError

from extensions.channels.matrix_client import HomeserverError, accepted, require_account, sentence
from extensions.channels.matrix_news import PAGE, News, NotNotedError, Reader, news_in
from extensions.channels.matrix_place import Place
from extensions.channels.matrix_rooms import Rooms
from extensions.channels.messaging.sending import backoff
from extensions.channels.messaging.threads import in_thread

logger = logging.getLogger(__name__)

# How long the homeserver holds a request when there is nothing new.
_WAIT_MS = 30_000
_LONGEST_PAUSE = 15.0
# While the database is away: emergencies are answered all the same, when they are read.
_LOCAL_PAUSE = 1.0
_BAD_REQUEST = 400
_ROOMS_AT_ONCE = 8
_FILTER = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {
        "timeline": {"limit": PAGE},
        "state": {"lazy_load_members": True},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
}


class Sync:
    """The loop that reads along."""

    def __init__(self, client: AsyncClient, rooms: Rooms, place: Place, reader: Reader) -> None:
        """Takes the connection, its rooms, where its place is kept, and who reads."""
        self._client = client
        self._rooms = rooms
        self._place = place
        self._reader = reader
        self._token: str | None = None
        self._knows_account = False
        self._knows_place = False
        self._undone: list[News] = []
        self._places = asyncio.Semaphore(_ROOMS_AT_ONCE)
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
        if not self._knows_account:
            await require_account(self._client)
            self._knows_account = True
        failure = await self._find_place()
        response = await self._synced()
        self._undone += news_in(response, self._token)
        for room in response.rooms.leave:
            self._rooms.changed(room)
        moved = response.next_batch != self._token
        self._token = response.next_batch
        failure = await self._work_off() or failure
        if failure is not None:
            raise failure
        if moved:
            await in_thread(self._place.write, self._token)

    async def _find_place(self) -> Exception | None:
        """Goes to where the reading ended; without the database only from now on."""
        if self._knows_place:
            return None
        try:
            self._token = await in_thread(self._place.read)
        except SQLAlchemyError as error:
            return error
        self._knows_place = True
        # All of it comes again.
        self._undone = []
        return None

    async def _work_off(self) -> Exception | None:
        """Deals with all news; what fails stays undone. Returns a failure."""
        by_room: dict[str, list[News]] = {}
        for news in self._undone:
            by_room.setdefault(news.room, []).append(news)
        # What waits already waits for the database; what is new may be an emergency.
        rooms = reversed(by_room.values())
        results = await asyncio.gather(*(self._deal_in_order(each) for each in rooms))
        failed = [failure for failures in results for failure in failures]
        left = {id(news) for news, _ in failed}
        self._undone = [news for news in self._undone if id(news) in left]
        return failed[0][1] if failed else None

    async def _deal_in_order(self, of_a_room: list[News]) -> list[tuple[News, Exception]]:
        failed: list[tuple[News, Exception]] = []
        async with self._places:
            for news in of_a_room:
                try:
                    await self._reader.deal(news)
                except Exception as error:
                    failed.append((news, error))
        return failed

    async def _synced(self) -> SyncResponse:
        waits = self._token is not None and not self._undone
        try:
            return accepted(
                await self._client.sync(
                    timeout=_WAIT_MS if waits else 0, sync_filter=_FILTER, since=self._token
                )
            )
        except HomeserverError as error:
            if error.status == _BAD_REQUEST:
                # A homeserver that was set up anew does not know our place.
                self._token = None
            raise

    async def _pause_after(self, error: Exception) -> None:
        longest = _LOCAL_PAUSE if _is_local(error) else _LONGEST_PAUSE
        seconds = min(backoff(self._failures), longest)
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


def _is_local(error: Exception) -> bool:
    """Whether the homeserver has nothing to do with it."""
    return isinstance(error, (NotNotedError, SQLAlchemyError))


def _said_of(error: Exception) -> str:
    if isinstance(error, NotNotedError):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        return f"The database cannot be reached: {type(error).__name__}."
    return sentence(error)
