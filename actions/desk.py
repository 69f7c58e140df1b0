"""This process's desk for sign-ups, and the worker that sends what they leave to be sent."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache

from assistant.errors import AssistantError
from assistant.settings import load_settings
from assistant.signup.desk import SignupDesk
from assistant.signup.worker import Worker

logger = logging.getLogger(__name__)

_TRY_AGAIN_SECONDS = 30.0


@lru_cache(maxsize=1)
def desk() -> SignupDesk:
    """The desk of this process, opened when it is first needed.

    Raises:
        StoreUnavailableError: the store cannot be reached; the next call tries again.
        SettingsError: a secret is missing or malformed.
    """
    return SignupDesk.open(load_settings())


class Deliveries:
    """Sends confirmations and news for staff beside the actions, for as long as they run."""

    def __init__(self) -> None:
        """Starts nothing yet."""
        self._ending = threading.Event()
        self._worker: Worker | None = None
        self._thread = threading.Thread(target=self._begin, name="deliveries", daemon=True)

    def start(self) -> None:
        """Begins as soon as the store can be reached; never raises."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, after what is being sent at the moment."""
        self._ending.set()
        self._thread.join()
        if self._worker is not None:
            self._worker.stop()

    def _begin(self) -> None:
        while not self._ending.is_set():
            try:
                self._worker = Worker.of(load_settings(), desk().store)
                self._worker.start()
                return
            except AssistantError as error:
                # What is to be sent stays in the outbox until it can be.
                logger.error("Nothing is sent for sign-ups yet: %s", error)
            self._ending.wait(_TRY_AGAIN_SECONDS)
