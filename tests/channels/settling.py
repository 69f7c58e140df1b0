"""When a messaging channel has said all that it had to say."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from assistant.settings import Settings

_SECONDS = 30.0
_OPEN = """
    SELECT (SELECT count(*) FROM messaging_incoming WHERE channel = ? AND content IS NOT NULL)
         + (SELECT count(*) FROM messaging_outgoing WHERE channel = ?)
"""


def is_settled(settings: Settings, channel: str) -> bool:
    """Whether everything that came in is answered and everything said is sent."""
    with closing(sqlite3.connect(settings.state_dir / "messages.db", timeout=10)) as database:
        try:
            (count,) = database.execute(_OPEN, (channel, channel)).fetchone()
        except sqlite3.OperationalError:
            # Nothing has come in since the start: there is no table yet.
            return True
    return bool(count == 0)


def settle(settings: Settings, channel: str) -> None:
    """Waits until it is."""
    until = time.monotonic() + _SECONDS
    while not is_settled(settings, channel):
        assert time.monotonic() < until, "replies are still to be sent"
        time.sleep(0.02)
