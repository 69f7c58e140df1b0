"""How far a probability can be trusted, and from where on the assistant answers.

What is judged here is told by questions that the weights were fitted without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.errors import CorpusError

Rows = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Mix(NamedTuple):
    """In what shares questions come; the rest are of other subjects.

    How many of each kind were written would move the threshold with every one added, so of
    answers those are counted as false that would be if questions came like this.
    """

    answerable: float
    missing: float


# Articles on the whole field answer most of what is asked of it; a draft alone, little.
WHOLE_FIELD = Mix(answerable=0.6, missing=0.1)
ONE_DRAFT = Mix(answerable=0.4, missing=0.4)

BINS = 10
# A question of another subject that is answered makes the assistant look foolish: at
# most one in fifty. One of the field that no article answers gets sentences beside the
# point: at most three of fifty answers. "I don't know" offers the nearest sections and
# costs a click; what is beside the point costs trust.
_REFUSED = 0.98
_FALSE = 0.06
# Where there is a reason for doubt, stricter, since a long message gives each of its
# sentences a chance to be taken for a question; but no stricter than the few messages that
# nothing has seen can tell.
_REFUSED_IN_DOUBT = 0.985
_STEPS = np.arange(1, 100) / 100


@dataclass(frozen=True)
class Bin:
    """Questions of like probability.

    Attributes:
        probability: their mean.
        share: how many of them the articles answer, 0 to 1.
    """

    number: int
    probability: float
    share: float


def reliability(probability: Rows, answerable: Flags) -> list[Bin]:
    """The questions in `BINS` bins of equal numbers, by their probability."""
    order = np.argsort(probability, kind="stable")
    return [
        Bin(len(rows), float(probability[rows].mean()), float(answerable[rows].mean()))
        for rows in np.array_split(order, BINS)
        if len(rows)
    ]


def calibration_error(probability: Rows, answerable: Flags) -> float:
    """Expected calibration error (Naeini, Cooper, Hauskrecht 2015), over `reliability`'s bins."""
    bins = reliability(probability, answerable)
    gaps = [each.number * abs(each.probability - each.share) for each in bins]
    return sum(gaps) / len(probability)


def brier_score(probability: Rows, answerable: Flags) -> float:
    """Mean squared distance of the probability from what is true (Brier 1950)."""
    return float(np.mean((probability - answerable) ** 2))


def at_mix(probability: Rows, share: float, wanted: float) -> Rows:
    """The probability were another share of all questions answerable (Elkan 2001).

    Args:
        probability: right where `share` of the questions have an answer.
        share: between 0 and 1.
        wanted: the other share, between 0 and 1.
    """
    for_it = probability * wanted / share
    against_it = (1 - probability) * (1 - wanted) / (1 - share)
    return np.asarray(for_it / (for_it + against_it))


@dataclass(frozen=True)
class Point:
    """What would become of the questions at a threshold; all shares are 0 to 1.

    Attributes:
        coverage: answered, of those that the articles answer.
        false: of all answers at a mix, those to a question that no article answers.
        refused: not answered, of those of other subjects.
        unanswered: not answered, of those of the field that no article answers.
    """

    threshold: float
    coverage: float
    false: float
    refused: float
    unanswered: float


def risk_coverage(
    probability: Rows, answerable: Flags, other_subject: Flags, mix: Mix = WHOLE_FIELD
) -> list[Point]:
    """A point for each hundredth of the threshold (El-Yaniv, Wiener 2010)."""
    missing = ~answerable & ~other_subject
    points = []
    for threshold in _STEPS:
        answered = probability >= threshold
        coverage = _share(answered[answerable])
        foreign, unanswered = _share(answered[other_subject]), _share(answered[missing])
        false = (1 - mix.answerable - mix.missing) * foreign + mix.missing * unanswered
        answers = mix.answerable * coverage + false
        points.append(
            Point(
                threshold=float(threshold),
                coverage=coverage,
                false=false / answers if answers else 0.0,
                refused=1 - foreign,
                unanswered=1 - unanswered,
            )
        )
    return points


@dataclass(frozen=True)
class Limits:
    """Thresholds of the probability: to answer, and to answer in spite of a doubt."""

    answer: float
    certain: float


def choose_limits(
    probability: Rows, answerable: Flags, other_subject: Flags, mix: Mix = WHOLE_FIELD
) -> Limits:
    """The least thresholds, so the largest coverage, that keep the rules above.

    Args:
        probability: of questions that the weights were fitted without.
        answerable: whether the articles answer each.
        other_subject: which are not of the field.
        mix: in which questions come.

    Raises:
        CorpusError: none keeps them.
    """
    points = risk_coverage(probability, answerable, other_subject, mix)
    kept = [point for point in points if point.refused >= _REFUSED and point.false <= _FALSE]
    certain = [point for point in kept if point.refused >= _REFUSED_IN_DOUBT]
    if not certain:
        raise CorpusError("The questions teach too little to tell what can be answered.")
    return Limits(kept[0].threshold, certain[0].threshold)


def near(points: Sequence[Point], *thresholds: float) -> list[Point]:
    """The points at these thresholds and at each tenth, in order."""
    wanted = {round(100 * each) for each in (*thresholds, *_STEPS[9::10])}
    return [point for point in points if round(100 * point.threshold) in wanted]


def show_points(points: Sequence[Point]) -> str:
    """The table, a line for each point."""
    header = f"{'from':>6}{'coverage':>10}{'false':>8}{'refused':>9}{'unanswered':>12}"
    lines = [
        f"{point.threshold:6.2f}{point.coverage:10.1%}{point.false:8.1%}"
        f"{point.refused:9.1%}{point.unanswered:12.1%}"
        for point in points
    ]
    return "\n".join([header, *lines])


def _share(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else 0.0
