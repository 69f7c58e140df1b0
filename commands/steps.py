"""Shows what a command is doing: a line a step, with how long it has taken.

Only the standard library: `bootstrap` runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

# How often a step that is still going says so: on a terminal it rewrites its
# line, elsewhere it adds to it.
_TICK_TERMINAL = 1.0
_TICK_FILE = 15.0


class StepFailedError(Exception):
    """A step failed; the message is the one sentence to show."""


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Shows a step while it runs and its time when it is done.

    Args:
        title: what is being done, in plain words.
    """
    started = time.monotonic()
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(title, started, finished), daemon=True)
    _show(f"- {title} ...")
    ticker.start()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        finished.set()
        ticker.join()
        _show(f"- {title} ... {outcome} ({time.monotonic() - started:.0f} s)", last=True)


def fail(message: str) -> int:
    """Prints one sentence on standard error; returns the exit status 1."""
    print(message, file=sys.stderr)
    return 1


def _tick(title: str, started: float, finished: threading.Event) -> None:
    while not finished.wait(_TICK_TERMINAL if sys.stdout.isatty() else _TICK_FILE):
        _show(f"- {title} ... {time.monotonic() - started:.0f} s")


def _show(line: str, last: bool = False) -> None:
    if sys.stdout.isatty():
        # Back to the start of the line and clear it, then write it anew.
        print(f"\r\033[K{line}", end="\n" if last else "", flush=True)
    else:
        print(line, flush=True)
