"""In which rooms the assistant stays, and that an old answer is not taken for a new one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from nio.responses import (
    JoinedMembersError,
    JoinedMembersResponse,
    RoomForgetResponse,
    RoomGetStateEventError,
    RoomGetStateEventResponse,
    RoomLeaveError,
    RoomLeaveResponse,
    RoomMember,
    RoomSendResponse,
)

from extensions.channels.matrix_client import HomeserverError
from extensions.channels.matrix_rooms import Rooms

OWN, PERSON, OTHER = "@assistant:home.test", "@maria:home.test", "@ana:home.test"
ROOM = "!room:home.test"


def refused(kind: type, code: str, status: int) -> Any:
    error = kind("refused", code)
    error.transport_response = type("Transport", (), {"status": status})()
    return error


class Client:
    """Stands for matrix-nio's client, in one room."""

    user_id = OWN

    def __init__(self, *members: str, encrypted: bool = False) -> None:
        self.members: tuple[str, ...] | None = members
        self.encrypted = encrypted
        self.said: list[tuple[str, str]] = []
        self.leaving = [RoomLeaveResponse()]
        self.asked = 0
        self.while_asked: Any = None

    async def joined_members(self, room: str) -> Any:
        self.asked += 1
        if self.members is None:
            return refused(JoinedMembersError, "M_FORBIDDEN", 403)
        found = [RoomMember(member, "", "") for member in self.members]
        if self.while_asked:
            self.while_asked()
        return JoinedMembersResponse(found, room)

    async def room_get_state_event(self, room: str, type: str) -> Any:
        if self.encrypted:
            return RoomGetStateEventResponse({}, type, "", room)
        return refused(RoomGetStateEventError, "M_NOT_FOUND", 404)

    async def room_send(self, room: str, type: str, content: Any, tx_id: str) -> Any:
        self.said.append((tx_id, content["body"]))
        return RoomSendResponse("$1", room)

    async def room_leave(self, _: str) -> Any:
        return self.leaving.pop(0)

    async def room_forget(self, room: str) -> Any:
        return RoomForgetResponse(room)


def rooms_of(client: Client) -> Rooms:
    stand_in: Any = client
    return Rooms(stand_in)


@pytest.mark.parametrize(
    ("members", "encrypted", "kind"),
    [
        ((OWN, PERSON), False, "private"),
        ((OWN, PERSON), True, "encrypted"),
        ((OWN, PERSON, OTHER), False, "group"),
        ((OWN,), False, "empty"),
        ((PERSON, OTHER), False, "left"),
        (None, False, "left"),
    ],
)
def test_what_kind_of_room_it_is(members: Any, encrypted: bool, kind: str) -> None:
    client = Client(encrypted=encrypted)
    client.members = members
    assert asyncio.run(rooms_of(client).kind(ROOM)) == kind


def test_it_is_asked_once_and_again_after_a_change() -> None:
    client = Client(OWN, PERSON)
    rooms = rooms_of(client)

    async def whole() -> list[str]:
        kinds = [await rooms.kind(ROOM), await rooms.kind(ROOM)]
        client.members = (OWN, PERSON, OTHER)
        rooms.changed(ROOM)
        return [*kinds, await rooms.kind(ROOM)]

    assert asyncio.run(whole()) == ["private", "private", "group"]
    assert client.asked == 2


def test_an_answer_from_before_a_change_is_not_kept() -> None:
    client = Client(OWN, PERSON)
    rooms = rooms_of(client)
    client.while_asked = lambda: rooms.changed(ROOM)

    async def whole() -> str:
        await rooms.kind(ROOM)
        client.while_asked = None
        client.members = (OWN, PERSON, OTHER)
        return await rooms.kind(ROOM)

    assert asyncio.run(whole()) == "group"


def test_it_says_why_it_leaves_and_says_it_once() -> None:
    client = Client(OWN, PERSON, OTHER)
    client.leaving = [refused(RoomLeaveError, "M_LIMIT_EXCEEDED", 429), RoomLeaveResponse()]
    rooms = rooms_of(client)

    async def whole() -> None:
        with pytest.raises(HomeserverError):
            await rooms.leave(ROOM, "group")
        await rooms.leave(ROOM, "group")
        client.leaving = [RoomLeaveResponse()]
        # Asked in again: that is another time.
        await rooms.leave(ROOM, "group")

    asyncio.run(whole())
    (first, text), (second, _), (third, _) = client.said
    assert "one person at a time" in text
    assert "988" in text
    assert first == second != third


def test_nobody_is_told_why_an_empty_room_is_left() -> None:
    client = Client(OWN)
    asyncio.run(rooms_of(client).leave(ROOM, "empty"))
    assert client.said == []
