"""One turn of a conversation: it always ends with a message, whatever failed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import OutputChannel

from assistant.answers import wording
from assistant.message import Message
from extensions.channels.rendering import Renderer
from extensions.conversation_rows import ConversationRetiredError

logger = logging.getLogger(__name__)

# Above the limit of an action (10 s), so that its failure is known by then.
TURN_SECONDS = 11.0
# Proxies and browsers end a connection on which nothing comes for long.
_QUIET_SECONDS = 2.0

# Made once, from constants alone: it is needed when nothing else works.
APOLOGY = Message("notice", wording.SOMETHING_FAILED, resources=wording.DANGER_LINKS).as_dict()
NOT_KEPT = Message("notice", wording.NOT_KEPT, resources=wording.DANGER_LINKS).as_dict()

# asyncio keeps weak references only; a turn must not vanish while it runs.
_running: set[asyncio.Task[None]] = set()
# Rasa's own lock is taken after this one: whoever waits for it looks once a second.
_order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


class WebOutput(OutputChannel):
    """Collects the messages of one turn.

    Attributes:
        messages: in the channel's JSON, in the order they were sent.
        changed: set when there is another message, or nothing more to wait for.
    """

    def __init__(self, renderer: Renderer) -> None:
        """Takes the renderer of the conversation."""
        self.messages: list[dict[str, Any]] = []
        self.changed = asyncio.Event()
        self._renderer = renderer

    @classmethod
    def name(cls) -> str:
        """The name that responses of the domain can be varied by."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collects one message; one with nothing to show is left out."""
        rendered = self._renderer.message(message)
        if rendered:
            self.messages.append(rendered)
            self.changed.set()

    async def changes(self, seconds: float) -> bool:
        """Waits for a change; False when there was none in that time."""
        try:
            await asyncio.wait_for(self.changed.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        self.changed.clear()
        return True


def run_turn(
    conversation_id: str,
    turn: Coroutine[Any, Any, None],
    output: WebOutput,
    apology: dict[str, Any] = APOLOGY,
) -> AsyncIterator[dict[str, Any] | None]:
    """Starts a turn that runs to its end after those before it, and answers in time.

    The turn goes on when the client has left or the time is over: what was said
    is not lost, and stands in the history.

    Args:
        conversation_id: whose turns run one after the other.
        turn: handles the message.
        output: where its messages come in.
        apology: what is said when there is none.

    Returns:
        Each message as soon as it is there, at least one; None where nothing
        came for a while.

    Raises:
        ConversationRetiredError: in the iteration; the conversation was erased meanwhile.
    """
    task = start_in_order(conversation_id, turn)
    task.add_done_callback(lambda _: output.changed.set())
    return _messages(task, output, apology)


async def _messages(
    task: asyncio.Task[None], output: WebOutput, apology: dict[str, Any]
) -> AsyncIterator[dict[str, Any] | None]:
    until = time.monotonic() + TURN_SECONDS
    sent, ended = 0, False
    while not ended:
        left = until - time.monotonic()
        ended = task.done() or left <= 0
        for message in output.messages[sent:]:
            sent += 1
            yield message
        if not ended and not await output.changes(min(left, _QUIET_SECONDS)):
            yield None
    error = task.exception() if task.done() and not task.cancelled() else None
    if isinstance(error, ConversationRetiredError):
        raise error
    if not sent:
        yield apology
    elif error:
        yield NOT_KEPT


def start_in_order(conversation_id: str, turn: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Starts a turn that runs to its end, after those of the conversation before it."""
    task = asyncio.create_task(_in_order(conversation_id, turn))
    _running.add(task)
    task.add_done_callback(_finished)
    return task


async def _in_order(conversation_id: str, turn: Coroutine[Any, Any, None]) -> None:
    # asyncio's lock is fair: first come, first served.
    async with _order.setdefault(conversation_id, asyncio.Lock()):
        await turn


def _finished(task: asyncio.Task[None]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()):
        # The class alone: the message of an error may hold what the person wrote.
        logger.error("A turn failed: %s.", type(error).__name__)
