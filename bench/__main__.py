"""`make bench`: measures this assistant against the bot that `rasa init` makes.

Both are trained and served in the same run, on the same machine, in turn, so
that their ratio means the same on any machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from assistant.errors import AssistantError
from assistant.settings import ROOT
from bench import machine
from bench.figures import markdown, verdict
from bench.measures import (
    FULL,
    QUICK,
    Measured,
    Size,
    measure_messages,
    measure_starts,
    measure_training,
)
from bench.ours import Ours
from bench.rival import Rival
from commands.servers import ended_by_signals
from commands.steps import StepFailedError, fail, step

_REPORT = ROOT / "results" / "bench.md"
_NOTES = (
    "Each value is the median of N repetitions, with the least and the greatest. The ratio is "
    "ours / `rasa init`. Both bots were trained and served in this run, and asked in turn.",
    "A repetition is a start for start-up and memory, a conversation of 20 turns for one client, "
    "a round for throughput, a conversation of 202 turns for the times at a turn (the turn and "
    "two on either side).",
    "Memory is RSS after 200 messages, of a server that is alone with its action server. "
    "Compiled bytecode and the file cache were warm for every start.",
    "`rasa init` answers with fixed texts and needs no action server; ours searches its "
    "articles in one, and writes each turn encrypted to disk.",
)


def main(arguments: Sequence[str]) -> int:
    """Measures, prints the table and writes it; returns 1 when measuring failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="as few repetitions as can be")
    options = parser.parse_args(arguments)
    facts = machine.facts()
    started = time.monotonic()
    try:
        with ended_by_signals(), tempfile.TemporaryDirectory(prefix="bench-") as folder:
            measured = _measure(Path(folder), QUICK if options.quick else FULL)
    except (AssistantError, StepFailedError) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return fail("\nEnded before all was measured.")
    took = f"{'Quick run' if options.quick else 'Run'} of {time.monotonic() - started:.0f} s"
    report = _report(measured, facts, took)
    _REPORT.parent.mkdir(exist_ok=True)
    _REPORT.write_text(report, "utf-8")
    print(f"\n{report}\nThis is in {_REPORT.relative_to(ROOT)} too.")
    return 0


def _measure(folder: Path, size: Size) -> Measured:
    with machine.environment_of_make_run(folder / "bytecode"):
        ours = Ours(folder)
        with step("Making the bot of rasa init"):
            rival = Rival(folder)
        trained = measure_training(ours, rival)
        messages = measure_messages(ours, rival, size)
        starts = measure_starts(ours, rival, size)
    return Measured(
        [*starts.figures, *messages.figures, *trained.figures],
        [*starts.notes, *messages.notes, *trained.notes],
    )


def _report(measured: Measured, facts: Sequence[str], took: str) -> str:
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    lines = "\n".join(f"- {line}" for line in (f"{took}, {now}", *facts))
    notes = "\n".join(f"- {note}" for note in (*_NOTES, *measured.notes))
    return (
        f"# Speed and memory against `rasa init`\n\n{lines}\n\n{markdown(measured.figures)}\n\n"
        f"{verdict(measured.figures)}\n\n{notes}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
