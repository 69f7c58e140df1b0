"""The articles that this process answers from, exchanged whole when others are published."""

from __future__ import annotations

import gc
import logging
import threading
import time
from functools import lru_cache

from assistant.answers.compose import Composer
from assistant.answers.live import Live, live_edition
from assistant.answers.publishing import publish
from assistant.errors import AssistantError
from assistant.settings import Settings, load_settings

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0


class Knowledge:
    """The live edition, loaded, and kept until a newer one is loaded whole.

    Attributes:
        composer: answers from it.
        problem: why the articles as they are now are not live; empty when they are.
    """

    def __init__(self, settings: Settings) -> None:
        """Publishes the articles where they have changed, and loads what is live.

        Raises:
            AssistantError: the articles, the encoder or a setting cannot be used.
        """
        self._settings = settings
        self._seen = _published(settings)
        self.composer = Composer.open(self._seen.edition, settings.models_dir)
        self.problem = self._seen.problem

    def refresh(self) -> None:
        """Takes what was published since; keeps what it has when that cannot be loaded."""
        live = live_edition(self._settings)
        if live is None or live == self._seen:
            return
        self._seen, self.problem = live, live.problem
        if live.edition != self.composer.edition:
            self._exchange(live)

    def _exchange(self, live: Live) -> None:
        try:
            self.composer = Composer.open(live.edition, self._settings.models_dir)
        except Exception as error:
            self.problem = f"Edition {live.edition} cannot be loaded; make it anew."
            logger.error("%s %s", self.problem, type(error).__name__)
        else:
            _settle()


def _published(settings: Settings) -> Live:
    """The articles as they are now where they can be used, else what was live before."""
    try:
        return publish(settings)
    except AssistantError:
        before = live_edition(settings)
        if before is None:
            raise
        return before


def composer() -> Composer:
    """Answers from the articles that are live.

    Raises:
        AssistantError: the articles, the encoder or a setting cannot be used.
    """
    return knowledge().composer


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """This process's knowledge; from its first use on it looks for newer editions."""
    loaded = Knowledge(load_settings())
    _settle()
    # Beside the messages, not on their way: loading takes a few hundred milliseconds.
    threading.Thread(target=_keep_fresh, args=(loaded,), daemon=True).start()
    return loaded


def _settle() -> None:
    """Spares messages the search for garbage in what is loaded and stays; drops what left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _keep_fresh(loaded: Knowledge) -> None:
    while True:
        time.sleep(_LOOK_SECONDS)
        try:
            loaded.refresh()
        except Exception as error:
            # Whatever is wrong with a new edition, the thread goes on looking.
            logger.error("Looking for a new edition failed: %s.", type(error).__name__)
