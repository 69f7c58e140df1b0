"""Which rooms the assistant talks in: with one person, readable, and no other."""

from __future__ import annotations

import uuid
from typing import Literal

from nio import AsyncClient
from nio.responses import JoinedMembersResponse, RoomGetStateEventResponse

from extensions.channels.matrix_client import HomeserverError, accepted
from extensions.channels.matrix_reading import ENCRYPTION
from extensions.channels.problems import IN_DANGER

# With one person; with several; with nobody else; one that cannot be read; not in it.
Kind = Literal["private", "group", "empty", "encrypted", "left"]

# The assistant and one person.
_TWO = 2
_GROUP = (
    "I'm an automated program, and I only talk with one person at a time, so that what you "
    "ask stays with you. I'm leaving this room. Please start a chat with me alone. " + IN_DANGER
)
_CANNOT_READ = (
    "I'm an automated program, and I cannot read encrypted messages, so I don't know what was "
    "written here. I'm leaving this room. Please start a chat with me that is not encrypted. "
    + IN_DANGER
)
_GOODBYE: dict[Kind, str] = {"group": _GROUP, "encrypted": _CANNOT_READ}


class Rooms:
    """The rooms of the assistant's account."""

    def __init__(self, client: AsyncClient) -> None:
        """Takes the connection."""
        self._client = client
        self._kinds: dict[str, Kind] = {}
        # So that an answer from before a change is not taken for one after it.
        self._changes = 0
        self._goodbyes: dict[str, str] = {}

    async def enter(self, room: str) -> None:
        """Accepts an invitation; one that was taken back is nothing.

        Raises:
            HomeserverError: it does not work now.
        """
        self.changed(room)
        try:
            accepted(await self._client.join(room))
        except HomeserverError as error:
            if not error.is_final:
                raise

    def changed(self, room: str) -> None:
        """Forgets what is known of a room."""
        self._changes += 1
        self._kinds.pop(room, None)

    async def kind(self, room: str) -> Kind:
        """What kind of room it is now.

        Raises:
            HomeserverError: that cannot be asked now.
        """
        if room in self._kinds:
            return self._kinds[room]
        changes = self._changes
        found = await self._asked(room)
        if changes == self._changes:
            self._kinds[room] = found
        return found

    async def leave(self, room: str, kind: Kind) -> None:
        """Says why, where somebody reads it, and leaves.

        Raises:
            HomeserverError: it does not work now.
        """
        try:
            if text := _GOODBYE.get(kind):
                await self._say(room, text)
            accepted(await self._client.room_leave(room))
            accepted(await self._client.room_forget(room))
        except HomeserverError as error:
            # Somebody else has put an end to it.
            if not error.is_final:
                raise
        self._goodbyes.pop(room, None)
        self.changed(room)

    async def _say(self, room: str, text: str) -> None:
        # The same once more, when leaving fails after it, is the same message.
        once = self._goodbyes.setdefault(room, uuid.uuid4().hex)
        content = {"msgtype": "m.text", "body": text}
        accepted(await self._client.room_send(room, "m.room.message", content, tx_id=once))

    async def _asked(self, room: str) -> Kind:
        try:
            members: JoinedMembersResponse = accepted(await self._client.joined_members(room))
        except HomeserverError as error:
            if error.is_final:
                return "left"
            raise
        ids = {member.user_id for member in members.members}
        if self._client.user_id not in ids:
            return "left"
        if len(ids) != _TWO:
            return "group" if len(ids) > _TWO else "empty"
        return "encrypted" if await self._is_encrypted(room) else "private"

    async def _is_encrypted(self, room: str) -> bool:
        response = await self._client.room_get_state_event(room, ENCRYPTION)
        if isinstance(response, RoomGetStateEventResponse):
            return True
        try:
            accepted(response)
        except HomeserverError as error:
            if not error.is_final:
                raise
        return False
