"""What the Matrix channel takes for a message, whatever an event holds."""

from __future__ import annotations

from typing import Any

import pytest

from extensions.channels.matrix_reading import is_edit, read, since_invitation

OWN, PERSON, ROOM = "@assistant:home.test", "@maria:home.test", "!room:home.test"


def event(content: Any, type: str = "m.room.message", sender: Any = PERSON) -> dict[str, Any]:
    return {"type": type, "sender": sender, "event_id": "$1", "content": content}


def text(body: Any, **more: Any) -> dict[str, Any]:
    return event({"msgtype": "m.text", "body": body, **more})


def member(who: str, membership: str, before: str | None = None) -> dict[str, Any]:
    unsigned = {"prev_content": {"membership": before}} if before else {}
    content = {"membership": membership}
    return {"type": "m.room.member", "state_key": who, "content": content, "unsigned": unsigned}


def test_a_text_is_a_message() -> None:
    message = read(ROOM, text("what is CBT?"), OWN)
    assert message is not None
    assert (message.kind, message.text) == ("text", "what is CBT?")
    assert (message.person, message.address, message.event_id) == (PERSON, ROOM, "$1")


def test_what_one_does_is_read_like_what_one_says() -> None:
    message = read(ROOM, event({"msgtype": "m.emote", "body": "wants to die"}), OWN)
    assert message is not None
    assert message.text == "wants to die"


@pytest.mark.parametrize(
    "nothing",
    [
        event({"msgtype": "m.text", "body": "hello"}, sender=OWN),
        event({"msgtype": "m.notice", "body": "hello"}),
        event({"msgtype": "m.key.verification.request", "body": "hello"}),
        event({}),  # redacted
        event({"msgtype": "m.text"}),
        event({"msgtype": "m.text", "body": 5}),
        event({"msgtype": ["m.text"], "body": "hello"}),
        event("hello"),
        event(None),
        event({"msgtype": "m.text", "body": "hello"}, sender=None),
        event({"name": "A room"}, type="m.room.name"),
        event({"msgtype": "m.text", "body": "hello"}, type="m.reaction"),
        {},
    ],
)
def test_what_is_no_message_is_none(nothing: dict[str, Any]) -> None:
    assert read(ROOM, nothing, OWN) is None


@pytest.mark.parametrize("kind", ["m.image", "m.audio", "m.video", "m.file", "m.location", "m.new"])
def test_what_is_no_text_is_something_else(kind: str) -> None:
    message = read(ROOM, event({"msgtype": kind, "body": "garden.jpg"}), OWN)
    assert message is not None
    assert (message.kind, message.text) == ("other", None)


def test_a_sticker_is_something_else() -> None:
    message = read(ROOM, event({"body": "a heart", "url": "mxc://x/y"}, type="m.sticker"), OWN)
    assert message is not None
    assert (message.kind, message.text) == ("other", None)


def test_what_stands_beside_a_picture_is_read() -> None:
    content = {"msgtype": "m.image", "body": "what is this?", "filename": "garden.jpg"}
    message = read(ROOM, event(content), OWN)
    assert message is not None
    assert message.text == "what is this?"


def test_a_quotation_is_not_the_persons_own() -> None:
    quoted = "> <@assistant:home.test> call 988\n> or 911\n\nthank you\n> is that right"
    reply = {"m.in_reply_to": {"event_id": "$0"}}
    message = read(ROOM, text(quoted, **{"m.relates_to": reply}), OWN)
    assert message is not None
    assert message.text == "thank you\n> is that right"
    # Nobody is replied to: it is the person's own text.
    alone = read(ROOM, text("> i want to die"), OWN)
    assert alone is not None
    assert alone.text == "> i want to die"


def test_an_edit_holds_the_new_text() -> None:
    new = {"m.new_content": {"msgtype": "m.text", "body": "what is DBT?"}}
    relation = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}
    changed = text("* what is DBT?", **new, **relation)
    message = read(ROOM, changed, OWN)
    assert is_edit(changed)
    assert message is not None
    assert message.text == "what is DBT?"
    assert not is_edit(text("hello"))
    assert not is_edit(text("hello", **{"m.relates_to": "m.replace"}))
    assert not is_edit(event(None))


def test_only_what_comes_after_the_invitation_counts() -> None:
    before, between, after = text("before"), text("between"), text("after")
    told = [member(PERSON, "join"), before, member(OWN, "invite"), between, member(OWN, "join")]
    assert since_invitation([*told, after], OWN) == [between, told[-1], after]
    # Where the invitation is not shown, what comes after the joining.
    assert since_invitation([before, member(OWN, "join"), after], OWN) == [after]
    # A new name is no joining.
    renamed = member(OWN, "join", before="join")
    assert since_invitation([before, renamed, after], OWN) == [before, renamed, after]
    # The latest joining counts.
    again = [*told, after, member(OWN, "leave"), before, member(OWN, "invite"), member(OWN, "join")]
    assert since_invitation(again, OWN) == [again[-1]]
    assert since_invitation([before], OWN) == [before]
