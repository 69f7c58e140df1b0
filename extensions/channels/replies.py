"""Sends the messages of a turn: as one JSON object, or as a stream of events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from extensions.channels.problems import problem_of

Messages = AsyncIterator[dict[str, Any] | None]

_EVENTS = "text/event-stream"
# A line that says nothing, so that no proxy takes the connection for dead.
_COMMENT = ": waiting\n\n"
_STREAM_HEADERS = {
    "Cache-Control": "no-store, no-transform",
    # nginx would keep the events back until the end.
    "X-Accel-Buffering": "no",
}


async def each(*messages: dict[str, Any]) -> Messages:
    """Messages that are there already, in the form that `reply` takes."""
    for message in messages:
        yield message


async def reply(request: Request, messages: Messages) -> HTTPResponse | None:
    """Sends messages in the form that the request accepts.

    Args:
        request: what is replied to.
        messages: in the channel's JSON; None for a while without any.

    Returns:
        The JSON response; None when the events have been sent.
    """
    if _EVENTS in request.headers.get("accept", ""):
        await _stream(request, messages)
        return None
    said = [message async for message in messages if message is not None]
    return response.json({"messages": said}, headers={"Cache-Control": "no-store"})


async def _stream(request: Request, messages: Messages) -> None:
    stream = await request.respond(content_type=_EVENTS, headers=_STREAM_HEADERS)
    await stream.send(_event("typing", {}))
    try:
        async for message in messages:
            await stream.send(_COMMENT if message is None else _event("message", message))
    except Exception as error:
        # The status has been sent; the problem comes as an event.
        await stream.send(_event("problem", problem_of(error, "stream").body()))
    await stream.send(_event("done", {}))


def _event(name: str, data: dict[str, Any]) -> str:
    # JSON has no line break outside of its strings, and none unescaped inside.
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
