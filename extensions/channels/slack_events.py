"""What Slack sends, read: direct messages, pressed buttons, and mentions in channels."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from extensions.channels.messaging.incoming import Incoming, Kind

# Messages of people have none, or one of these; others are edits, joins, bots.
_SUBTYPES = (None, "file_share", "me_message", "thread_broadcast")
# <https://example.org|example.org>, <@U012|name>, <#C012|name>, <!here>.
_REFERENCE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def read_event(body: Mapping[str, Any]) -> Incoming | None:
    """Reads an event of the Events API.

    Args:
        body: the request's JSON; anything may be in it.

    Returns:
        What a person wrote to the assistant alone, or where others read it, too: then
        `kind` is "other" and the answer goes to the person. None for all else.
    """
    event = body.get("event")
    event_id = body.get("event_id")
    if not isinstance(event, dict) or not isinstance(event_id, str):
        return None
    if event.get("bot_id") or event.get("hidden") or event.get("subtype") not in _SUBTYPES:
        return None
    user, channel = event.get("user"), event.get("channel")
    if not isinstance(user, str) or not isinstance(channel, str):
        return None
    if event.get("type") == "app_mention":
        # Slack takes a person's id for the conversation with them alone.
        return Incoming(event_id, user, user, "other", _text(event), extra={"mention": True})
    if event.get("type") != "message" or event.get("channel_type") != "im":
        return None
    address = address_of(channel, event.get("thread_ts"))
    kind: Kind = "other" if event.get("files") else "text"
    return Incoming(event_id, user, address, kind, _text(event))


def read_action(payload: Mapping[str, Any]) -> Incoming | None:
    """Reads an interaction: a button of ours that was pressed in a direct message.

    Args:
        payload: the form's field, parsed; anything may be in it.
    """
    try:
        user, channel = payload["user"]["id"], payload["channel"]
        action, trigger = payload["actions"][0], payload["trigger_id"]
        value, private = action["value"], channel["name"] == "directmessage"
        thread = (payload.get("message") or {}).get("thread_ts")
        address = address_of(channel["id"], thread)
    except (KeyError, TypeError, IndexError, AttributeError):
        # A button that opens a link has no value, one in a window no channel.
        return None
    texts = (user, trigger, value, address)
    if payload.get("type") != "block_actions" or not private:
        return None
    if action.get("type") != "button" or not all(isinstance(text, str) for text in texts):
        return None
    return Incoming(trigger, user, address, "choice", choice=value)


def address_of(channel: str, thread: object) -> str:
    """Where the answer goes: a conversation, and a thread in it where one was written in."""
    return f"{channel}/{thread}" if isinstance(thread, str) else channel


def plain(text: str) -> str:
    """A text of Slack's as the person wrote it."""
    return html.unescape(_REFERENCE.sub(_named, text)).strip()


def _text(event: Mapping[str, Any]) -> str | None:
    text = event.get("text")
    return plain(text) if isinstance(text, str) else None


def _named(found: re.Match[str]) -> str:
    target, name = found.group(1), found.group(2)
    if target.startswith("@"):
        # Whom a message names is nobody's business here.
        return ""
    if target.startswith(("#", "!")):
        return name or ""
    return name or re.sub(r"^(mailto|tel):", "", target)
