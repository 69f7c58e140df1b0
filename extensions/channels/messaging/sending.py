"""Sends what is in the outbox of a channel: in order, again and again, until it is taken."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from extensions.channels.messaging.incoming import NotSentError
from extensions.channels.messaging.records import Post
from extensions.channels.messaging.rows import MessageRows
from extensions.channels.messaging.threads import in_thread

logger = logging.getLogger(__name__)

Send = Callable[[str, dict[str, Any]], Awaitable[None]]

SEND_SECONDS = 10.0
_AT_ONCE = 8
_LOOK_AGAIN_SECONDS = 30.0
_LONGEST_DELAY = 300.0
# While the database is away, so that nobody waits for nothing.
_BROKEN_SECONDS = 2.0
_DIRECT_DELAYS = (0.0, 0.5, 1.0, 2.0)


class Sender:
    """Sends the posts of one channel.

    At least once: a server that is killed between the platform's "taken" and the note of
    it sends the same again.
    """

    def __init__(self, rows: MessageRows, send: Send, pause: float, kept_seconds: float) -> None:
        """Takes the outbox and the way out.

        Args:
            rows: of the channel.
            send: hands one message to the platform; raises `NotSentError`.
            pause: what the platform wants between two messages to one person, in seconds.
            kept_seconds: after how long a message is given up.
        """
        self._rows = rows
        self._send = send
        self._pause = pause
        self._kept = kept_seconds
        self._wake = asyncio.Event()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._resting_until = 0.0
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._in_hand: set[int] = set()
        # Since the last look into the outbox began: what it finds may be older than that.
        self._ended: set[int] = set()
        self._waiting: dict[int, str] = {}

    async def run(self) -> None:
        """Sends for ever."""
        while True:
            self._wake.clear()
            try:
                seconds = await self._start_due()
            except Exception as error:
                # The class alone: its text may hold what is being sent.
                logger.error("The outbox cannot be read: %s.", type(error).__name__)
                seconds = _BROKEN_SECONDS
            try:
                await asyncio.wait_for(self._wake.wait(), seconds)
            except asyncio.TimeoutError:
                continue

    def add(self, posts: Sequence[Post]) -> None:
        """Says that there is something new, and for whom."""
        self._waiting.update({post.id: post.conversation for post in posts})
        if posts:
            self._wake.set()

    def is_waiting(self, conversation: str) -> bool:
        """Whether a reply has still to be sent, as far as this process knows."""
        return conversation in self._waiting.values()

    async def send_now(self, posts: Sequence[Post]) -> None:
        """Sends what is urgent, past all that waits; a failure waits like any other."""
        # The outbox may have been looked into since they were written.
        mine = [post for post in posts if not self._is_taken(post)]
        self._in_hand.update(post.id for post in mine)
        for post in mine:
            await self._attempt(post)

    async def send_unnoted(self, address: str, messages: Sequence[dict[str, Any]]) -> bool:
        """Sends what cannot be noted, because the database is away; whether all was taken."""
        for message in messages:
            if not await self._tried_directly(address, message):
                return False
        return True

    async def _tried_directly(self, address: str, message: dict[str, Any]) -> bool:
        for delay in _DIRECT_DELAYS:
            await asyncio.sleep(delay)
            try:
                await asyncio.wait_for(self._send(address, message), SEND_SECONDS)
            except NotSentError as error:
                logger.error("An urgent message was not sent: %s.", error)
                if error.final:
                    return False
            except Exception as error:
                logger.error("An urgent message was not sent: %s.", type(error).__name__)
            else:
                return True
        return False

    async def _start_due(self) -> float:
        """Starts what can be sent; returns for how long there is nothing to do, in seconds."""
        resting = self._resting_until - time.monotonic()
        if resting > 0:
            return resting
        self._ended.clear()
        for post in await in_thread(self._rows.due, _AT_ONCE * 4):
            if not self._is_taken(post) and post.conversation not in self._busy:
                self._in_hand.add(post.id)
                task = asyncio.create_task(self._in_turn(post))
                self._busy[post.conversation] = task
        if self._busy:
            return _LOOK_AGAIN_SECONDS
        due = await in_thread(self._rows.next_due)
        return _LOOK_AGAIN_SECONDS if due is None else max(0.05, due - time.time())

    def _is_taken(self, post: Post) -> bool:
        return post.id in self._in_hand or post.id in self._ended

    async def _in_turn(self, post: Post) -> None:
        try:
            async with self._places:
                await self._attempt(post)
            await asyncio.sleep(self._pause)
        finally:
            del self._busy[post.conversation]
            self._wake.set()

    async def _attempt(self, post: Post) -> None:
        # From here on the person may have it.
        self._waiting.pop(post.id, None)
        try:
            await asyncio.wait_for(self._send(post.address, post.message), SEND_SECONDS)
        except NotSentError as error:
            if error.retry_after is not None:
                self._resting_until = time.monotonic() + error.retry_after
            await self._failed(post, str(error), error.final, error.retry_after or 0.0)
        except Exception as error:
            # The kind alone: its text can hold an address.
            await self._failed(post, type(error).__name__, False, 0.0)
        else:
            await self._note(self._rows.sent, post.id)
        finally:
            self._ended.add(post.id)
            self._in_hand.discard(post.id)

    async def _failed(self, post: Post, reason: str, final: bool, at_least: float) -> None:
        if final or time.time() - post.created_at > self._kept:
            logger.error("A message was not sent and is given up: %s.", reason)
            await self._note(self._rows.sent, post.id)
            return
        self._waiting[post.id] = post.conversation
        delay = max(at_least, backoff(post.attempts))
        logger.warning("A message was not sent: %s. Next try in %.0f s.", reason, delay)
        await self._note(self._rows.try_again, post, time.time() + delay)

    async def _note(self, write: Callable[..., None], *arguments: Any) -> None:
        """Writes down what became of a message, as often as it takes: else it is sent again."""
        while True:
            try:
                await in_thread(write, *arguments)
                return
            except Exception as error:
                logger.error("The outbox cannot be written: %s.", type(error).__name__)
                await asyncio.sleep(_BROKEN_SECONDS)


def backoff(attempts: int) -> float:
    """Seconds to wait after so many failures: twice as long each time, and never in step."""
    longest: float = min(2.0 ** min(attempts, 20), _LONGEST_DELAY)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
