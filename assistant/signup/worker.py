"""Sends what is in the outbox: again and again until it is taken, and then no more."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.engine import Row

from assistant.errors import AssistantError, DeliveryError, StoreUnavailableError
from assistant.settings import Settings
from assistant.signup.delivery import Delivery, Parcel
from assistant.signup.outbox import CONFIRMATION, DELIVERED
from assistant.signup.packing import pack
from assistant.signup.store import Store
from assistant.signup.tables import now

logger = logging.getLogger(__name__)

REFUSED = "refused"
_AT_ONCE = 10
_POLL_SECONDS = 2.0
_PURGE_SECONDS = 3600.0
_FIRST_DELAY = timedelta(seconds=30)
_LONGEST_DELAY = timedelta(hours=6)


class Worker:
    """Delivers in a thread of its own, or once by hand. Several may run at the same time."""

    def __init__(self, store: Store, delivery: Delivery) -> None:
        """Takes an open store, which stays the caller's to close, and the ways out."""
        self._store = store
        self._delivery = delivery
        # Taken by the other side, and perhaps not noted yet.
        self._taken: set[str] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def of(cls, settings: Settings, store: Store) -> Worker:
        """The worker of a deployment."""
        return cls(store, Delivery(settings))

    def start(self) -> None:
        """Begins in the background; says what has to wait because nothing is set for it."""
        for sentence in self._delivery.missing:
            logger.warning("%s", sentence)
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends, after what is being sent at the moment."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def run_once(self) -> int:
        """Tries what is due now.

        Returns:
            How many messages were tried or given up.

        Raises:
            StoreUnavailableError: the database cannot be reached.
        """
        self._note_taken()
        pairs = self._delivery.pairs
        with self._store.reading() as connection:
            if not self._store.outbox.has_due(connection, pairs):
                return 0
        with self._store.writing() as connection:
            messages = self._store.outbox.lease(connection, pairs, _AT_ONCE)
        asyncio.run(self._deliver_all(messages))
        return len(messages)

    def _run(self) -> None:
        purged_at = float("-inf")
        while not self._stopping.is_set():
            tried = 0
            try:
                if time.monotonic() - purged_at > _PURGE_SECONDS:
                    self._store.purge()
                    purged_at = time.monotonic()
                tried = self.run_once()
            except AssistantError as error:
                logger.error("The outbox cannot be worked on now: %s", error)
            except Exception as error:
                # A thread that ended would keep all messages back without a word.
                logger.error("The outbox failed: %s.", type(error).__name__)
            if not tried:
                self._stopping.wait(_POLL_SECONDS)

    async def _deliver_all(self, messages: Sequence[Row]) -> None:
        await asyncio.gather(*(self._deliver(message) for message in messages))

    async def _deliver(self, message: Row) -> None:
        # Never raises: that would break off what is being sent beside it.
        try:
            await self._attempt(message)
        except StoreUnavailableError:
            logger.error("What became of a message will be noted when its lease is over.")

    async def _attempt(self, message: Row) -> None:
        try:
            parcel = self._pack(message)
            if isinstance(parcel, str):
                self._end(message.id, parcel)
                return
            await self._delivery.send(parcel)
        except StoreUnavailableError:
            raise
        except AssistantError as error:
            self._failed(message, str(error), isinstance(error, DeliveryError) and error.final)
        except Exception as error:
            # The kind alone: its text can hold an address.
            self._failed(message, type(error).__name__, final=False)
        else:
            self._taken.add(message.id)
            self._note_taken()

    def _pack(self, message: Row) -> Parcel | str:
        with self._store.reading() as connection:
            return pack(self._store, connection, message)

    def _failed(self, message: Row, reason: str, final: bool) -> None:
        if final and message.event == CONFIRMATION:
            logger.warning("A confirmation was refused for good.")
            self._end(message.id, REFUSED)
            return
        delay = backoff(message.attempts)
        logger.warning(
            "A message (%s, %s) was not delivered: %s. Next try in %d s.",
            *(message.event, message.way, reason, delay.total_seconds()),
        )
        with self._store.writing() as connection:
            self._store.outbox.try_again(connection, message, now() + delay)

    def _end(self, id: str, outcome: str) -> None:
        with self._store.writing() as connection:
            self._store.outbox.end(connection, id, outcome)

    def _note_taken(self) -> None:
        for id in sorted(self._taken):
            self._end(id, DELIVERED)
            self._taken.discard(id)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, and never in step."""
    longest: timedelta = min(_FIRST_DELAY * (1 << min(attempts - 1, 20)), _LONGEST_DELAY)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
