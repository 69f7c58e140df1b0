"""How many emergencies were answered: by kind and channel, and nothing else.

No text, no conversation, no time: the figures say that the gate is needed and
works, and nothing of any person.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from assistant.safety.emergency import SITUATIONS

logger = logging.getLogger(__name__)

_WAIT_SECONDS = 1.0
_TABLE = """
CREATE TABLE IF NOT EXISTS crisis_reply (
    situation TEXT NOT NULL,
    channel TEXT NOT NULL,
    replies INTEGER NOT NULL,
    PRIMARY KEY (situation, channel)
)
"""
_ADD = """
INSERT INTO crisis_reply VALUES (?, ?, 1)
ON CONFLICT (situation, channel) DO UPDATE SET replies = replies + 1
"""
UNKNOWN = "unknown"
# SQLite lets waiting writers starve; inside one process they take turns instead.
_turn = threading.Lock()


class CrisisCounts:
    """Counts in a small file of its own, so that it needs no conversation store."""

    def __init__(self, state_dir: Path) -> None:
        """Takes the folder of what outlives a restart; nothing is opened yet."""
        self._path = state_dir / "crisis-counts.db"

    def add(self, situation: str, channel: str) -> None:
        """Counts one reply. Never raises: a person in danger does not wait for a figure.

        Args:
            situation: a kind of emergency; any other word counts as unknown.
            channel: the name of the channel, as the server knows it.
        """
        known = situation if situation in SITUATIONS else UNKNOWN
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with _turn, self._open() as database:
                database.execute(_ADD, (known, channel))
        except (OSError, sqlite3.Error) as error:
            logger.error("A crisis reply could not be counted: %s.", type(error).__name__)

    def read(self) -> list[tuple[str, str, int]]:
        """Situation, channel and number of replies, in the order of the names.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        if not self._path.exists():
            return []
        with self._open() as database:
            rows = database.execute("SELECT * FROM crisis_reply ORDER BY situation, channel")
            return [(situation, channel, replies) for situation, channel, replies in rows]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            # Whoever begins by reading and then writes is refused at once, not kept waiting.
            database.execute("BEGIN IMMEDIATE")
            database.execute(_TABLE)
            yield database
            database.execute("COMMIT")
        finally:
            database.close()
