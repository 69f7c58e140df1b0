"""Reading along: what is not noted comes again, and one broken room stops no other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from nio.events import Event
from nio.responses import (
    JoinedMembersResponse,
    RoomGetStateEventError,
    RoomMember,
    RoomMessagesResponse,
    SyncError,
    SyncResponse,
    WhoamiResponse,
)
from sqlalchemy.exc import OperationalError

from assistant.settings import Settings
from extensions.channels.matrix_news import Reader
from extensions.channels.matrix_place import Place
from extensions.channels.matrix_rooms import Rooms
from extensions.channels.matrix_sync import Sync
from extensions.channels.messaging.incoming import Incoming

OWN, PERSON = "@assistant:home.test", "@maria:home.test"


def text(body: str) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "sender": PERSON,
        "event_id": f"${body}",
        "origin_server_ts": 1,
        "content": {"msgtype": "m.text", "body": body},
    }


def synced(token: str, limited: bool = False, **rooms: Sequence[str]) -> SyncResponse:
    """What the homeserver says: new texts by room."""
    joined = {
        f"!{room}:home.test": {
            "timeline": {
                "events": [text(body) for body in bodies],
                "limited": limited,
                "prev_batch": f"before {token}",
            },
            "state": {"events": []},
        }
        for room, bodies in rooms.items()
    }
    response = SyncResponse.from_dict({"next_batch": token, "rooms": {"join": joined}})
    assert isinstance(response, SyncResponse)
    return response


def refused(status: int, code: str, milliseconds: int | None = None) -> SyncError:
    error = SyncError("refused", code, milliseconds)
    error.transport_response = type("Transport", (), {"status": status})()
    return error


class Client:
    """Stands for matrix-nio's client: answers what it is told to, then says nothing more."""

    user = user_id = OWN
    next_batch = "x"

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.since: list[str | None] = []
        self.done = asyncio.Event()
        self.pages: list[RoomMessagesResponse] = []
        self.joins: list[Any] = []

    async def whoami(self) -> WhoamiResponse:
        return WhoamiResponse(OWN, None, None)

    async def sync(self, since: str | None, **_: Any) -> Any:
        self.since.append(since)
        if not self.answers:
            self.done.set()
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def join(self, _: str) -> Any:
        return self.joins.pop(0)

    async def joined_members(self, room: str) -> JoinedMembersResponse:
        if "broken" in room:
            raise ValueError("what a person wrote")
        return JoinedMembersResponse([RoomMember(user, "", "") for user in (OWN, PERSON)], room)

    async def room_get_state_event(self, room: str, _: str) -> RoomGetStateEventError:
        error = RoomGetStateEventError("not there", "M_NOT_FOUND", room_id=room)
        error.transport_response = type("Transport", (), {"status": 404})()
        return error

    async def room_messages(self, *_: Any) -> RoomMessagesResponse:
        return self.pages.pop(0)


class Taking:
    """Stands for the reception."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.failures = 0

    async def take(self, messages: Sequence[Incoming]) -> bool:
        if self.failures:
            self.failures -= 1
            return False
        self.taken += [message.text or "" for message in messages]
        return True


Run = Callable[..., Taking]


@pytest.fixture
def place(settings: Settings) -> Place:
    return Place(settings.copy(update={"matrix_user": OWN}))


@pytest.fixture
def run(place: Place, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Reads along until there is nothing more."""
    monkeypatch.setattr("extensions.channels.matrix_sync.backoff", lambda _: 0.0)
    monkeypatch.setattr("extensions.channels.matrix_sync._PAUSE", 0.0)

    def run(client: Client, taking: Taking | None = None) -> Taking:
        taking = taking or Taking()

        async def whole() -> None:
            stand_in: Any = client
            rooms = Rooms(stand_in)
            reader = Reader(stand_in, rooms, taking.take, lambda _: False)
            sync = Sync(stand_in, rooms, place, reader)
            reading = asyncio.create_task(sync.run())
            await asyncio.wait_for(client.done.wait(), 10)
            reading.cancel()

        asyncio.run(whole())
        return taking

    return run


def begun(place: Place) -> None:
    place.read()
    place.write("begun")


def test_at_the_first_start_what_was_said_before_is_skipped(run: Run, place: Place) -> None:
    client = Client(synced("1", a=["old"]), synced("2", a=["new"]))
    assert run(client).taken == ["new"]
    assert client.since == [None, "1", "2"]
    assert place.read() == "2"


def test_after_a_restart_it_goes_on_where_it_was(run: Run, place: Place) -> None:
    begun(place)
    client = Client(synced("1", a=["while away"]))
    assert run(client).taken == ["while away"]
    assert client.since == ["begun", "1"]


def test_the_place_is_kept_encrypted(settings: Settings, place: Place) -> None:
    begun(place)
    engine = sa.create_engine(settings.messages_url)
    with engine.connect() as connection:
        ((account, token),) = connection.execute(sa.text("SELECT * FROM matrix_place")).all()
    assert "assistant" not in account
    assert b"begun" not in token


def test_what_was_not_noted_is_tried_again_while_more_is_read(run: Run, place: Place) -> None:
    begun(place)
    taking = Taking()
    taking.failures = 3
    client = Client(synced("1", a=["one"]), synced("2", b=["two"]), synced("3"))
    assert sorted(run(client, taking).taken) == ["one", "two"]
    # Asked with the same token, a homeserver would say the same again.
    assert client.since == ["begun", "1", "2", "3"]
    assert place.read() == "3"


def test_the_place_is_not_kept_before_all_is_noted(run: Run, place: Place) -> None:
    begun(place)
    taking = Taking()
    taking.failures = 100
    run(Client(synced("1", a=["one"]), synced("2", b=["two"])), taking)
    assert place.read() == "begun"
    # As after a restart.
    again = run(Client(synced("2", a=["one"], b=["two"])))
    assert sorted(again.taken) == ["one", "two"]


def test_while_its_place_cannot_be_read_it_listens_from_now_on(
    run: Run, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(place)
    reads = iter([OperationalError("", {}, ValueError()), "begun"])

    def read() -> str:
        found = next(reads)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(place, "read", read)
    client = Client(synced("5", a=["old"]), synced("6", a=["while away", "now"]))
    assert run(client).taken == ["while away", "now"]
    assert client.since == [None, "begun", "6"]


def test_an_invitation_that_has_to_wait_keeps_no_message_waiting(run: Run, place: Place) -> None:
    begun(place)
    invited = SyncResponse.from_dict({"next_batch": "1", "rooms": {"invite": {"!b:home.test": {}}}})
    client = Client(invited, synced("2", a=["help"]), synced("3"))
    client.joins = [refused(429, "M_LIMIT_EXCEEDED", 60_000)]
    assert run(client).taken == ["help"]
    # It is asked once, and waited for as long as the homeserver wants.
    assert client.joins == []
    assert place.read() == "begun"


def test_a_place_that_cannot_be_kept_keeps_no_message_waiting(
    run: Run, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(place)
    write = place.write
    failures = iter([OperationalError("", {}, ValueError())] * 2)

    def fail_twice(token: str) -> None:
        for error in failures:
            raise error
        write(token)

    monkeypatch.setattr(place, "write", fail_twice)
    client = Client(synced("1", a=["one"]), synced("2", a=["two"]), synced("3"))
    assert run(client).taken == ["one", "two"]
    assert client.since == ["begun", "1", "2", "3"]
    assert place.read() == "3"


def test_a_broken_room_keeps_no_other_from_being_read(
    run: Run, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    begun(place)
    client = Client(synced("1", broken=["one"], a=["two"]))
    assert run(client).taken == ["two"]
    assert "A room of Matrix could not be read: ValueError." in caplog.text
    assert "what a person wrote" not in caplog.text


def test_a_homeserver_that_was_set_up_anew_is_read_from_its_beginning(
    run: Run, place: Place
) -> None:
    begun(place)
    client = Client(refused(400, "M_UNKNOWN"), synced("1", a=["old"]), synced("2", a=["new"]))
    assert run(client).taken == ["new"]
    assert client.since == ["begun", None, "1", "2"]


def test_a_failure_is_said_once_and_its_end_too(
    run: Run, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    begun(place)
    client = Client(OSError("secret"), OSError(), refused(502, ""), synced("1", a=["hello"]))
    with caplog.at_level(logging.WARNING):
        assert run(client).taken == ["hello"]
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "The Matrix channel does not work. The homeserver at MATRIX_HOMESERVER cannot be "
        "reached: OSError.",
        "The Matrix channel does not work. The homeserver refuses to answer: HTTP 502.",
        "The Matrix channel works again.",
    ]


def test_what_the_homeserver_left_out_is_asked_for(run: Run, place: Place) -> None:
    begun(place)
    client = Client(synced("1", limited=True, a=["four"]))
    client.pages = [page("three", "two", end="there"), page("one", end=None)]
    assert run(client).taken == ["one", "two", "three", "four"]


def page(*bodies: str, end: str | None) -> RoomMessagesResponse:
    chunk = [Event.parse_event(text(body)) for body in bodies]
    return RoomMessagesResponse("!a:home.test", chunk, "start", end)  # type: ignore[arg-type]


def test_what_nio_complains_of_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    malformed = {**text("x"), "content": {"msgtype": "m.image", "body": "Zyrphelia"}}
    with caplog.at_level(logging.WARNING):
        Event.parse_event(malformed)
    assert caplog.records == []
