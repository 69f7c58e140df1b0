"""Notes what comes in: many at once are one transaction, so that a flood is no long queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from extensions.channels.messaging.incoming import Incoming
from extensions.channels.messaging.records import Noted
from extensions.channels.messaging.rows import MessageRows
from extensions.channels.messaging.threads import in_thread

logger = logging.getLogger(__name__)

# None: it could not be noted.
Found = list[Noted] | None
_AT_ONCE = 50
_END_SECONDS = 0.5


class Notebook:
    """Writes into the rows of one channel.

    Attributes:
        ended: ids of messages that are done with, and will be written so in a moment.
    """

    def __init__(self, rows: MessageRows) -> None:
        """Takes where it is written."""
        self._rows = rows
        self._waiting: list[tuple[Sequence[Incoming], asyncio.Future[Found]]] = []
        self._writing: asyncio.Task[None] | None = None
        self.ended: set[int] = set()
        self._ending: asyncio.Task[None] | None = None

    def note(self, messages: Sequence[Incoming]) -> asyncio.Future[Found]:
        """Begins to note messages, in one piece.

        Returns:
            Becomes what has to be answered, as `MessageRows.note` gives it.
        """
        found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.append((messages, found))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return found

    def close(self, id: int) -> None:
        """Ends a message that gets no answer, a little later."""
        self.ended.add(id)
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())

    async def _end(self) -> None:
        try:
            while self.ended:
                await asyncio.sleep(_END_SECONDS)
                ids = frozenset(self.ended)
                await in_thread(self._rows.end, ids)
                self.ended -= ids
        except Exception as error:
            # Tried again with the next one; if the server ends before, they are answered.
            logger.error("Messages without an answer stay noted: %s.", type(error).__name__)
        finally:
            self._ending = None

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(
        self, batch: list[tuple[Sequence[Incoming], asyncio.Future[Found]]]
    ) -> None:
        results: Sequence[Found]
        try:
            results = await in_thread(self._rows.note, [messages for messages, _ in batch])
        except Exception as error:
            # The class alone: its text may hold what came in.
            logger.error("What came in could not be noted: %s.", type(error).__name__)
            results = [None] * len(batch)
        for (_, found), result in zip(batch, results, strict=True):
            found.set_result(result)
