"""`python -m commands.crisis_counts`: how many emergencies were answered, by kind and channel."""

from __future__ import annotations

import sqlite3
import sys

from assistant.errors import AssistantError
from assistant.safety.counts import CrisisCounts
from assistant.settings import load_settings
from commands.steps import fail


def main() -> int:
    """Prints a line for each kind and channel; returns the exit status."""
    try:
        rows = CrisisCounts(load_settings().state_dir).read()
    except AssistantError as error:
        return fail(str(error))
    except sqlite3.Error:
        return fail("The counts of crisis replies cannot be read.")
    for situation, channel, replies in rows:
        print(f"{situation:<22}{channel:<12}{replies:>8}")
    if not rows:
        print("No crisis reply has been counted yet.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
