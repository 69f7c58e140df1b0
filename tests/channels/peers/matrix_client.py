"""A person with a Matrix client, matrix-nio, on the tests' homeserver."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Any, TypeVar

from nio import AsyncClient, SyncResponse
from nio.responses import ErrorResponse

from tests.channels.peers.homeserver import Homeserver

T = TypeVar("T")

_SECONDS = 30.0
_numbers = itertools.count()
Event = dict[str, Any]


class MatrixClient:
    """One account with its client. A context: its connection ends with it.

    Attributes:
        user: the id of the account.
        events: what came in, in order, with the room of each in "room_id".
        typing: who is writing, by room.
        wrote: who was ever seen writing.
        read: the events that were read up to, by who read them.
    """

    def __init__(self, homeserver: Homeserver) -> None:
        """Makes an account."""
        self.user, token = homeserver.register(f"person{next(_numbers)}")
        self.events: list[Event] = []
        self.typing: dict[str, list[str]] = {}
        self.wrote: set[str] = set()
        self.read: dict[str, list[str]] = {}
        self._loop = asyncio.new_event_loop()
        self._client = AsyncClient(homeserver.address, self.user)
        self._client.user_id, self._client.access_token = self.user, token

    def __enter__(self) -> MatrixClient:
        """Nothing more to open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnects."""
        self.run(self._client.close())
        self._loop.close()

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """Does something with the client and waits for it; a refusal fails the test."""
        done = self._loop.run_until_complete(what)
        assert not isinstance(done, ErrorResponse), done
        return done

    @property
    def client(self) -> AsyncClient:
        """matrix-nio's."""
        return self._client

    def invite(self, *others: str, encrypted: bool = False) -> str:
        """Makes a room with others; returns its id."""
        state = [
            {
                "type": "m.room.encryption",
                "state_key": "",
                "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            }
        ]
        room = self.run(
            self._client.room_create(
                is_direct=True, invite=others, initial_state=state if encrypted else []
            )
        )
        return str(room.room_id)

    def send(self, room: str, text: str, **more: Any) -> str:
        """Writes a message, or what else `more` says; returns the event's id."""
        content = {"msgtype": "m.text", "body": text, **more}
        sent = self.run(self._client.room_send(room, "m.room.message", content))
        return str(sent.event_id)

    def flood(self, room: str, texts: Sequence[str]) -> None:
        """Writes all of it as quickly as the homeserver takes it."""
        contents = [{"msgtype": "m.text", "body": text} for text in texts]
        sending = [self._client.room_send(room, "m.room.message", each) for each in contents]
        self.run(_all(sending))

    def members(self, room: str) -> set[str]:
        """Who is in a room."""
        found = self.run(self._client.joined_members(room))
        return {member.user_id for member in found.members}

    def look(self, seconds: float = 0.0) -> None:
        """Takes in what is new, waiting for it so long."""
        response = self._loop.run_until_complete(self._client.sync(timeout=int(seconds * 1000)))
        assert isinstance(response, SyncResponse), response
        for room, info in response.rooms.join.items():
            found = [getattr(event, "source", {}) for event in info.timeline.events]
            self.events += [{**event, "room_id": room} for event in found]
            for event in info.ephemeral:
                self._passing(room, event)

    def wait_for(self, condition: Callable[[], bool], seconds: float = _SECONDS) -> None:
        """Looks until something is so."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, "it did not come"
            self.look(0.5)

    def heard(self, room: str, speaker: str) -> list[Event]:
        """The messages that somebody wrote in a room, as their contents."""
        return [
            event["content"]
            for event in self.events
            if (event["type"], event["room_id"], event["sender"])
            == ("m.room.message", room, speaker)
        ]

    def _passing(self, room: str, event: Any) -> None:
        if hasattr(event, "users"):
            self.typing[room] = event.users
            self.wrote.update(event.users)
        for receipt in getattr(event, "receipts", []):
            self.read.setdefault(receipt.user_id, []).append(receipt.event_id)


async def _all(coroutines: Sequence[Coroutine[Any, Any, Any]]) -> None:
    await asyncio.gather(*coroutines)
