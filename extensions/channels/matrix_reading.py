"""What stands in the events of a Matrix room, for somebody who answers them.

Events are read as they came, as dictionaries: one that is odd in some other field may
still hold a cry for help.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from extensions.channels.messaging.incoming import Incoming

Event = Mapping[str, Any]

MESSAGE, STICKER = "m.room.message", "m.sticker"
MEMBER, ENCRYPTION, ENCRYPTED = "m.room.member", "m.room.encryption", "m.room.encrypted"
_EDIT = "m.replace"
_TEXTS = ("m.text", "m.emote")
# Other programs write notices, so that programs do not talk with each other for ever.
_NOT_FOR_US = ("m.notice", "m.server_notice", "m.key.verification.request")
# What older clients put before a reply: the message that it replies to.
_QUOTED = re.compile(r"\A(?:>[^\n]*\n)+\n?")


def read(room: str, event: Event, own: str) -> Incoming | None:
    """The message in an event; None where there is none to answer.

    Args:
        room: where it was sent.
        event: of the room's timeline.
        own: the assistant's user id; what it wrote itself is no message.
    """
    content, sender, event_id = event.get("content"), event.get("sender"), event.get("event_id")
    if not (isinstance(content, dict) and isinstance(sender, str) and isinstance(event_id, str)):
        return None
    if sender == own or event.get("type") not in (MESSAGE, STICKER):
        return None
    if event["type"] == STICKER:
        return Incoming(event_id, sender, room, "other")
    kind = content.get("msgtype")
    if not isinstance(kind, str) or kind in _NOT_FOR_US:
        return None
    if kind not in _TEXTS:
        return Incoming(event_id, sender, room, "other", _caption(content))
    text = _text(content)
    return None if text is None else Incoming(event_id, sender, room, "text", text)


def is_edit(event: Event) -> bool:
    """Whether an event only changes a message that was sent before."""
    content = event.get("content")
    relation = content.get("m.relates_to") if isinstance(content, dict) else None
    return isinstance(relation, dict) and relation.get("rel_type") == _EDIT


def changes_room(event: Event) -> bool:
    """Whether an event may change who reads a room, or whether we can."""
    return event.get("type") in (MEMBER, ENCRYPTION, ENCRYPTED)


def since_invitation(events: Sequence[Event], own: str) -> Sequence[Event]:
    """What was written after the assistant was asked into the room.

    A client may send the first message together with the invitation, so what stands
    between that and the joining is for the assistant, too.

    Args:
        events: of a timeline, in order.
        own: the assistant's user id.
    """
    joined = _last(events, own, "join")
    if joined is None:
        return events
    invited = _last(events[:joined], own, "invite")
    return events[(joined if invited is None else invited) + 1 :]


def _last(events: Sequence[Event], own: str, membership: str) -> int | None:
    """The place of the last event that made the assistant this."""
    for place in reversed(range(len(events))):
        event = events[place]
        if event.get("type") == MEMBER and event.get("state_key") == own:
            before = _previous(event)
            now = (event.get("content") or {}).get("membership")
            # A new name or picture is a "join" after a "join".
            if now == membership and before != membership:
                return place
    return None


def _previous(event: Event) -> str | None:
    unsigned = event.get("unsigned")
    before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    return before.get("membership") if isinstance(before, dict) else None


def _text(content: Event) -> str | None:
    new = content.get("m.new_content")
    body = (new if isinstance(new, dict) else content).get("body")
    if not isinstance(body, str):
        return None
    return _QUOTED.sub("", body) if "m.relates_to" in content else body


def _caption(content: Event) -> str | None:
    """What is written beside a picture or a file; None where it is the file's name."""
    body, name = content.get("body"), content.get("filename")
    if not (isinstance(body, str) and isinstance(name, str)) or body == name:
        return None
    return body


def sources(events: Iterable[Any]) -> list[Event]:
    """The dictionaries that matrix-nio has made its events from."""
    found = (getattr(event, "source", None) for event in events)
    return [event for event in found if isinstance(event, dict)]
