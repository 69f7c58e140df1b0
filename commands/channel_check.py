"""`make channel-check CHANNEL=...`: whether a messaging channel is set up, and what is wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from assistant.errors import AssistantError
from assistant.settings import Settings, load_settings
from commands.channel_checks import matrix, messenger, slack, telegram, twilio
from commands.channel_checks.findings import FaultError, Finding, Findings
from commands.steps import fail

CHECKS: dict[str, Callable[[Settings], Findings]] = {
    "twilio": twilio.check,
    "telegram": telegram.check,
    "slack": slack.check,
    "messenger": messenger.check,
    "matrix": matrix.check,
}


def main(channel: str) -> int:
    """Prints a sentence for each thing that is right or wrong.

    Args:
        channel: a name in `CHECKS`.

    Returns:
        0 where nothing is wrong; else 1.
    """
    check = CHECKS.get(channel)
    if check is None:
        return fail(f"Set CHANNEL to one of {', '.join(CHECKS)}: make channel-check CHANNEL=slack")
    try:
        faults = sum(not _shown(finding) for finding in check(load_settings()))
    except AssistantError as error:
        return fail(str(error))
    except FaultError as error:
        _shown(Finding(str(error), good=False))
        return 1
    return 1 if faults else 0


def _shown(finding: Finding) -> bool:
    if finding.good:
        print(f"- {finding.text}", flush=True)
    else:
        print(f"WRONG: {finding.text}", file=sys.stderr, flush=True)
    return finding.good


if __name__ == "__main__":
    sys.exit(main(os.environ.get("CHANNEL", "")))
