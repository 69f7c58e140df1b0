"""Measures what the number of articles costs: all of them against one, in turn.

`python -m bench.corpora` starts the assistant with each corpus, several times,
and talks with both at once, so that noise meets both.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from assistant.errors import AssistantError
from assistant.settings import load_settings
from bench import load, machine
from bench.figures import Series, number, percentile
from bench.ours import Ours
from commands.servers import ended_by_signals
from commands.steps import StepFailedError, fail, step

_STARTS = 7
_CONVERSATIONS = 20
_TURNS = 20
_FIRST_ARTICLE = "psychotherapy-in-rehab"


def main() -> int:
    """Prints the figures; returns 1 when measuring failed."""
    try:
        with ended_by_signals(), tempfile.TemporaryDirectory(prefix="bench-") as folder:
            _measure(Path(folder))
    except (AssistantError, StepFailedError) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return fail("\nEnded before all was measured.")
    return 0


def _measure(folder: Path) -> None:
    with machine.environment_of_make_run(folder / "bytecode"):
        # What the one article can answer, so that both are asked what they know.
        everything = Ours(folder, about=_FIRST_ARTICLE)
        one = Ours(folder, _one_article(folder), about=_FIRST_ARTICLE)
        with step(f"{_STARTS} starts of each in turn, after one uncounted"):
            starts = [(_start(everything), _start(one)) for _ in range(_STARTS + 1)][1:]
        _show("Start-up to the first answer", "s", starts)
        with everything.serving() as full, one.serving() as small:
            for served in (full, small):
                load.await_first_answer(served.bot)
                load.converse(served.bot, _TURNS, 0)
            with step(f"{_CONVERSATIONS} conversations with each in turn"):
                talks = [
                    tuple(_p50(served.bot, turn) for served in (full, small))
                    for turn in range(_CONVERSATIONS)
                ]
        _show("Message, 1 client, p50", "ms", talks)


def _one_article(folder: Path) -> Path:
    """A folder with the article that the project began with."""
    articles = folder / "one-article"
    articles.mkdir()
    name = f"{_FIRST_ARTICLE}.md"
    (articles / name).write_bytes((load_settings().corpus / name).read_bytes())
    return articles


def _start(ours: Ours) -> float:
    started = time.perf_counter()
    with ours.serving() as served:
        load.await_first_answer(served.bot)
        return time.perf_counter() - started


def _p50(bot: load.Bot, talk: int) -> float:
    return 1000 * percentile(load.converse(bot, _TURNS, talk).seconds, 0.5)


def _show(name: str, unit: str, pairs: list[tuple[float, ...]]) -> None:
    everything, one = (Series(values) for values in zip(*pairs, strict=True))
    ratio = number(everything.median / one.median)
    print(f"{name}, {unit}: all articles {everything}, one article {one}, ratio {ratio}")


if __name__ == "__main__":
    sys.exit(main())
