"""What Messenger sends, read: messages, quick replies and postbacks, in batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extensions.channels.messaging.incoming import Incoming

# What the button "Get started" sends, which Messenger shows before the first message.
GET_STARTED = "GET_STARTED"
_GREETING = "Hello"


def read_batch(body: Any) -> list[Incoming]:
    """Reads a batch of events.

    Args:
        body: the request's JSON; anything may be in it.

    Returns:
        What people wrote to the page, in order. What is broken, was sent by the page
        itself or only says that something was read is left out.
    """
    if not isinstance(body, dict) or body.get("object") != "page":
        return []
    entries = body.get("entry")
    found = []
    for entry in entries if isinstance(entries, list) else []:
        events = entry.get("messaging") if isinstance(entry, dict) else None
        for event in events if isinstance(events, list) else []:
            incoming = _read(event) if isinstance(event, dict) else None
            if incoming is not None:
                found.append(incoming)
    return found


def _read(event: Mapping[str, Any]) -> Incoming | None:
    sender, message, postback = (event.get(key) for key in ("sender", "message", "postback"))
    person = sender.get("id") if isinstance(sender, dict) else None
    if not isinstance(person, str) or not person:
        return None
    if isinstance(message, dict):
        return _message(person, message)
    if isinstance(postback, dict):
        return _postback(person, event, postback)
    return None


def _message(person: str, message: Mapping[str, Any]) -> Incoming | None:
    mid, text = message.get("mid"), message.get("text")
    if not isinstance(mid, str) or message.get("is_echo") or message.get("is_deleted"):
        return None
    pressed = message.get("quick_reply")
    payload = pressed.get("payload") if isinstance(pressed, dict) else None
    if isinstance(payload, str):
        return Incoming(mid, person, person, "choice", choice=payload)
    written = text if isinstance(text, str) else None
    if written is None or message.get("attachments"):
        return Incoming(mid, person, person, "other", written)
    return Incoming(mid, person, person, "text", written)


def _postback(
    person: str, event: Mapping[str, Any], postback: Mapping[str, Any]
) -> Incoming | None:
    payload = postback.get("payload")
    if not isinstance(payload, str):
        return None
    # Older versions of the platform give a postback no id.
    event_id = postback.get("mid") or f"{person}/{event.get('timestamp')}/{payload}"
    if payload == GET_STARTED:
        return Incoming(str(event_id), person, person, "text", _GREETING)
    return Incoming(str(event_id), person, person, "choice", choice=payload)
