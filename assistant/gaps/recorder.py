"""Records gaps beside the messages, never on their way."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.gaps.model import Observation
from assistant.gaps.redaction import Redactor

if TYPE_CHECKING:
    from assistant.gaps.store import GapStore

logger = logging.getLogger(__name__)

# What waits here is text as people wrote it, in memory alone: few, and not for long.
_MAX_WAITING = 100


class Recorder:
    """Takes gaps at no cost and stores them in a thread of its own.

    Where the store or the disk fails, or too many wait, gaps are lost and nothing
    else happens.
    """

    def __init__(
        self, redactor: Callable[[], Redactor], store: Callable[[], GapStore], enabled: bool = True
    ) -> None:
        """Takes what makes the parts; they are made at the first gap, in the thread.

        Args:
            redactor: takes out of a text what could say whose it is.
            store: keeps the rest.
            enabled: false records nothing.
        """
        self._make_redactor = redactor
        self._make_store = store
        self._redactor: Redactor | None = None
        self._store: GapStore | None = None
        self._waiting: queue.Queue[Observation] = queue.Queue(_MAX_WAITING)
        self._enabled = enabled
        self._start = threading.Lock()
        self._started = False

    def offer(self, observation: Observation) -> bool:
        """Takes a gap to be stored; returns whether there was room. Never waits or raises."""
        if not self._enabled:
            return False
        self._ensure_thread()
        try:
            self._waiting.put_nowait(observation)
        except queue.Full:
            return False
        return True

    def drain(self) -> None:
        """Waits until all that was taken is stored or lost; for tests."""
        self._waiting.join()

    def _ensure_thread(self) -> None:
        with self._start:
            if not self._started:
                threading.Thread(target=self._work, name="gaps", daemon=True).start()
                self._started = True

    def _work(self) -> None:
        while True:
            observation = self._waiting.get()
            try:
                self._record(observation)
            except Exception as error:
                # The class alone: the message of an error may hold what the person wrote.
                logger.error("A content gap could not be kept: %s.", type(error).__name__)
            finally:
                del observation
                self._waiting.task_done()

    def _record(self, observation: Observation) -> None:
        if self._redactor is None:
            self._redactor = self._make_redactor()
        if self._store is None:
            self._store = self._make_store()
        missed = observation.missed
        text = "" if missed.kind == "out_of_scope" else self._redactor.redact(observation.text)
        self._store.add(observation.conversation_id, observation.channel, text, missed)
