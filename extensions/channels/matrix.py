"""The Matrix channel: people write to the assistant from any Matrix client.

The provider runs the homeserver itself, so that no third party reads along. The assistant
talks in rooms with one person alone. Encrypted rooms it cannot read, and says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from sanic import Blueprint, Sanic

from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels.matrix_html import content_of
from extensions.channels.messaging.base import MessagingChannel
from extensions.channels.messaging.desk import Messages
from extensions.channels.messaging.incoming import Incoming, NotSentError
from extensions.channels.messaging.rendered import Rendered
from extensions.gate import SafetyGate

if TYPE_CHECKING:
    # Imported when the channel is on: everybody else starts more quickly without it.
    from nio import AsyncClient

    from extensions.channels.matrix_rooms import Rooms

# Longer than a turn takes, so that "is writing" ends by itself when something fails.
_WRITING_MS = 15_000
_ASIDE_SECONDS = 5.0


class MatrixChannel(MessagingChannel):
    """Connects a Matrix homeserver; register it in credentials.yml."""

    _client: AsyncClient
    _rooms: Rooms

    def __init__(
        self, settings: Settings, gate: SafetyGate | None = None, provider: Provider | None = None
    ) -> None:
        """Takes the settings, whose secrets and credentials are known to be in place."""
        self._gate = gate or SafetyGate.open(settings)
        super().__init__(settings, self._gate, provider)
        self._reading: asyncio.Task[None] | None = None
        # "Is writing" by room: what was said last has to arrive last.
        self._writing: dict[str, asyncio.Task[None]] = {}
        self._asides: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "matrix"

    def add_routes(self, routes: Blueprint) -> None:
        """None: nobody calls; the channel asks the homeserver what is new."""

    async def begin(self, app: Sanic) -> None:
        """Connects, and begins to read along."""
        from extensions.channels.matrix_client import new_client
        from extensions.channels.matrix_news import Reader
        from extensions.channels.matrix_place import Place
        from extensions.channels.matrix_rooms import Rooms
        from extensions.channels.matrix_sync import Sync

        self._client = new_client(self.settings)
        self._rooms = Rooms(self._client)
        self._place = Place(self.settings)
        reader = Reader(self._client, self._rooms, self.take, self._is_urgent)
        sync = Sync(self._client, self._rooms, self._place, reader)
        self._reading = asyncio.create_task(sync.run())

    async def end(self) -> None:
        """Stops reading and disconnects; what is not read yet is read after the next start."""
        if self._reading is None:
            return
        running = (self._reading, *self._asides)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._client.close()
        self._place.close()

    async def take(self, messages: Sequence[Incoming]) -> bool:
        """Takes in messages of one room; they are shown as read when they are safe.

        Returns:
            Whether all of them are safe.
        """
        room = messages[0].address
        self._writing[room] = self._aside(self._client.room_typing(room, True, timeout=_WRITING_MS))
        if not await self.reception.take(messages):
            return False
        self._aside(self._client.update_receipt_marker(room, messages[-1].event_id))
        return True

    def render(self, messages: Messages, to: Incoming) -> Rendered:
        """Each message formatted, with its choices numbered through the whole reply."""
        rendered, number = [], 1
        for message in messages:
            # The homeserver takes each transaction once, however often it is sent.
            rendered.append(
                {"transaction": uuid.uuid4().hex, "content": content_of(message, number)}
            )
            number += len(message["choices"])
        return Rendered(rendered)

    async def send(self, address: str, message: dict[str, Any]) -> None:
        """Sends one message into a room, unless somebody else has come into it.

        Raises:
            NotSentError: the homeserver did not take it.
        """
        from extensions.channels.matrix_client import HomeserverError, accepted

        try:
            if await self._rooms.kind(address) != "private":
                raise NotSentError("The room is not one with one person any more", final=True)
            accepted(
                await self._client.room_send(
                    address, "m.room.message", message["content"], tx_id=message["transaction"]
                )
            )
        except HomeserverError as error:
            raise error.as_not_sent() from None
        if writing := self._writing.pop(address, None):
            self._aside(self._stop_writing(address, writing))

    async def _stop_writing(self, room: str, writing: asyncio.Task[None]) -> None:
        await asyncio.wait({writing})
        await self._client.room_typing(room, False)

    def _is_urgent(self, message: Incoming) -> bool:
        conversation = self.reception.rows.conversation(message.person)
        return self._gate.notice(conversation, message.text or "") is not None

    def _aside(self, what: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        """Does what is only kind, such as "is writing"; nothing waits for it."""
        task = asyncio.create_task(_quietly(what))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
        return task


async def _quietly(what: Coroutine[Any, Any, Any]) -> None:
    with contextlib.suppress(Exception):
        await asyncio.wait_for(what, _ASIDE_SECONDS)
