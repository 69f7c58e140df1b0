"""What was measured, and the table that it is shown in."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

_HEADER = ("What", "Unit", "N", "Ours", "`rasa init`", "Ratio", "Target", "Met")


@dataclass(frozen=True)
class Series:
    """The same thing measured several times.

    Attributes:
        values: one for each repetition; at least one.
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        """Raises ValueError when there is no value."""
        if not self.values:
            raise ValueError("A series needs at least one value.")

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        """The median with the least and the greatest value."""
        if len(self.values) == 1:
            return number(self.median)
        return f"{number(self.median)} ({number(min(self.values))}-{number(max(self.values))})"


@dataclass(frozen=True)
class Target:
    """What a figure is wanted to be.

    Attributes:
        limit: the value that is just good enough.
        direction: whether less or more than that is better.
        of: what it limits: the ratio ours / rival, or our own value.
    """

    limit: float
    direction: Literal["at most", "at least"] = "at most"
    of: Literal["ratio", "ours"] = "ratio"

    def met(self, value: float) -> bool:
        """Whether a value is good enough."""
        return value <= self.limit if self.direction == "at most" else value >= self.limit

    def __str__(self) -> str:
        """As it stands in the table."""
        sign = "<=" if self.direction == "at most" else ">="
        return f"{self.of} {sign} {number(self.limit)}"


@dataclass(frozen=True)
class Figure:
    """A line of the table.

    Attributes:
        name: what was measured.
        unit: of both values.
        ours: of this assistant.
        rival: of the bot that `rasa init` makes; None where it has no such thing.
        target: where one is set.
    """

    name: str
    unit: str
    ours: Series
    rival: Series | None = None
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """Median of ours by median of the rival's; None without a rival's above 0."""
        if self.rival is None or self.rival.median <= 0:
            return None
        return self.ours.median / self.rival.median

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is nothing to compare."""
        if self.target is None:
            return None
        value = self.ratio if self.target.of == "ratio" else self.ours.median
        return None if value is None else self.target.met(value)


def number(value: float) -> str:
    """Three significant digits, never in powers of ten."""
    if value == 0 or not math.isfinite(value):
        return f"{value:.0f}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of all values does not exceed, interpolated.

    Args:
        values: at least one, in any order.
        share: from 0 to 1; 0.5 is the median.

    Raises:
        ValueError: there is no value.
    """
    if not values:
        raise ValueError("No value, no percentile.")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def around(seconds: Sequence[float], turn: int, reach: int = 2) -> float:
    """The median time of a turn and its neighbours.

    Args:
        seconds: of all turns of a conversation, the first at 0.
        turn: counted from 1.
        reach: how many neighbours on either side.

    Raises:
        statistics.StatisticsError: the conversation ended before.
    """
    return statistics.median(seconds[max(0, turn - 1 - reach) : turn + reach])


def markdown(figures: Iterable[Figure]) -> str:
    """The table, a line for each figure."""
    rows = [_HEADER, ("---",) * len(_HEADER), *map(_cells, figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def verdict(figures: Iterable[Figure]) -> str:
    """One sentence: how many targets were met, and which were missed."""
    judged = [figure for figure in figures if figure.met is not None]
    missed = [figure.name for figure in judged if not figure.met]
    if not missed:
        return f"All {len(judged)} targets met."
    return f"{len(judged) - len(missed)} of {len(judged)} targets met; missed: {', '.join(missed)}."


def _cells(figure: Figure) -> tuple[str, ...]:
    repetitions = str(len(figure.ours.values))
    if figure.rival and len(figure.rival.values) != len(figure.ours.values):
        repetitions += f" / {len(figure.rival.values)}"
    return (
        figure.name,
        figure.unit,
        repetitions,
        str(figure.ours),
        "" if figure.rival is None else str(figure.rival),
        "" if figure.ratio is None else number(figure.ratio),
        "" if figure.target is None else str(figure.target),
        {True: "met", False: "missed", None: ""}[figure.met],
    )
