"""What the measurements know of a bot, whichever it is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import psutil

from bench.load import Bot


@dataclass(frozen=True)
class Served:
    """A bot whose servers have been spawned; they may not answer yet.

    Attributes:
        bot: to talk to.
        rasa: the process of Rasa.
        actions: the process of the action server, where there is one.
    """

    bot: Bot
    rasa: psutil.Process
    actions: psutil.Process | None = None


class Contender(Protocol):
    """A bot that can be trained and served."""

    name: str

    def train(self) -> float:
        """Trains from nothing; returns the seconds it took."""

    def serving(self) -> AbstractContextManager[Served]:
        """Spawns its servers, and ends them afterwards."""
