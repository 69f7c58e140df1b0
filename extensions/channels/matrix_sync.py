"""Reads along on a Matrix homeserver: what is new, in order, nothing twice and nothing lost.

The token of a sync is kept when all that it told is noted, so that a restart goes on
there. What cannot be noted is tried again while the reading goes on: a homeserver may
answer the same question with the same answer for minutes, and an emergency must be heard
while the database is away.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

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
# While something stays undone; emergencies are answered all the same, when they are read.
_PAUSE = 1.0
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


@dataclass
class _Undone:
    """News that are still to be dealt with, and why; not before a time, where there is one."""

    news: News
    failure: Exception | None = None
    not_before: float = 0.0


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
        self._kept: str | None = None
        self._undone: list[_Undone] = []
        self._places = asyncio.Semaphore(_ROOMS_AT_ONCE)
        self._failures = 0
        self._said = ""

    async def run(self) -> None:
        """Reads along for ever; a failure is said once, and tried again."""
        while True:
            try:
                failure = await self._once()
            except Exception as error:
                await self._pause_after(error)
                continue
            if failure is None:
                self._recovered()
            else:
                self._say(_said_of(failure))
                await asyncio.sleep(_PAUSE)

    async def _once(self) -> Exception | None:
        """One sync. Returns why not all that it told could be dealt with; None when it was."""
        if not self._knows_account:
            await require_account(self._client)
            self._knows_account = True
        failure = await self._find_place()
        response = await self._synced()
        self._undone += [_Undone(news) for news in news_in(response, self._token)]
        for room in response.rooms.leave:
            self._rooms.changed(room)
        self._token = response.next_batch
        failure = await self._work_off() or failure
        return failure or await self._keep_place()

    async def _find_place(self) -> Exception | None:
        """Goes to where the reading ended; without the database only from now on."""
        if self._knows_place:
            return None
        try:
            self._token = await in_thread(self._place.read)
        except SQLAlchemyError as error:
            return error
        self._knows_place = True
        self._kept = self._token
        # All of it comes again.
        self._undone = []
        return None

    async def _keep_place(self) -> Exception | None:
        if self._token is None or self._token == self._kept:
            return None
        try:
            await in_thread(self._place.write, self._token)
        except SQLAlchemyError as error:
            return error
        self._kept = self._token
        return None

    async def _work_off(self) -> Exception | None:
        """Deals with all news; what fails stays undone. Returns a failure."""
        by_room: dict[str, list[_Undone]] = {}
        for each in self._undone:
            by_room.setdefault(each.news.room, []).append(each)
        # What waits already waits for the database; what is new may be an emergency.
        await asyncio.gather(*map(self._deal_in_order, reversed(by_room.values())))
        self._undone = [each for each in self._undone if each.failure is not None]
        return self._undone[0].failure if self._undone else None

    async def _deal_in_order(self, of_a_room: list[_Undone]) -> None:
        async with self._places:
            for each in of_a_room:
                if each.not_before > time.monotonic():
                    continue
                try:
                    await self._reader.deal(each.news)
                    each.failure = None
                except Exception as error:
                    each.failure = error
                    seconds = getattr(error, "retry_after", None) or 0.0
                    each.not_before = time.monotonic() + seconds

    async def _synced(self) -> SyncResponse:
        waits = self._token is not None and self._knows_place and not self._undone
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
        seconds = min(backoff(self._failures), _LONGEST_PAUSE)
        self._failures += 1
        if isinstance(error, HomeserverError):
            seconds = max(seconds, error.retry_after or 0.0)
        self._say(_said_of(error))
        await asyncio.sleep(seconds)

    def _recovered(self) -> None:
        if self._said:
            logger.warning("The Matrix channel works again.")
        self._failures, self._said = 0, ""

    def _say(self, text: str) -> None:
        if text != self._said:
            logger.error("The Matrix channel does not work. %s", text)
        self._said = text


def _said_of(error: Exception) -> str:
    if isinstance(error, NotNotedError):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        return f"The database cannot be reached: {type(error).__name__}."
    return sentence(error)
