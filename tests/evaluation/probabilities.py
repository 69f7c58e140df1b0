"""How far the probability of an answer can be trusted, with plots in `results/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.retrieval.calibration import (
    Flags,
    Rows,
    at_mix,
    brier_score,
    calibration_error,
    near,
    reliability,
    risk_coverage,
    show_points,
)
from assistant.retrieval.cases import Case, weigh
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.examples import LabelledQuestion, read_labelled_questions
from assistant.retrieval.fitting import FieldExamples, HeldOut, judge_held_out
from assistant.retrieval.ranking import Ranker
from assistant.settings import Settings
from tests.evaluation.plots import draw_reliability, draw_risk_coverage

# Kinds of our own questions that are for the articles to answer or to refuse.
_OTHER_SUBJECTS = ("out_of_scope", "near_miss")
_ASKED = ("in_scope", "unanswered", *_OTHER_SUBJECTS)


def report_probabilities(settings: Settings, lines: Sequence[Mapping[str, Any]], to: Path) -> str:
    """Judges the probability in cross-validation and on questions that fitted nothing.

    Args:
        settings: say where the articles are.
        lines: of our own question file.
        to: a folder for the plots.

    Returns:
        Tables to print.
    """
    parts = SearchParts.load(settings.corpus, settings.models_dir)
    ranker = Ranker.load()
    cases = weigh(parts, read_labelled_questions())
    held_out = judge_held_out(cases, FieldExamples.read(parts, cases).log_odds(cases))
    outer = weigh(parts, own_questions(lines))
    return _report(ranker, held_out, _judged(ranker, outer), to)


def own_questions(lines: Sequence[Mapping[str, Any]]) -> list[LabelledQuestion]:
    """Our own questions that are for the articles to answer or to refuse."""
    return [
        LabelledQuestion(
            line["text"], frozenset(line.get("sections") or ()), line["kind"] in _OTHER_SUBJECTS
        )
        for line in lines
        if line["kind"] in _ASKED
    ]


def _judged(ranker: Ranker, cases: Sequence[Case]) -> tuple[Rows, Flags, Flags]:
    """The probability of each question, whether it is answerable, and of another subject."""
    probabilities = [
        ranker.edited.probability(
            case.evidence.features, case.known_words, ranker.foreign(case.vector)
        )
        for case in cases
    ]
    return (
        np.array(probabilities),
        np.array([case.answerable for case in cases]),
        np.array([case.question.other_subject for case in cases]),
    )


def _report(
    ranker: Ranker, held_out: HeldOut, outer: tuple[Rows, Flags, Flags], folder: Path
) -> str:
    taught = held_out.probability, held_out.answerable
    probability, answerable, _ = outer
    # The probability holds at the mix that it was fitted at; ours here has fewer strangers.
    moved = at_mix(probability, float(taught[1].mean()), float(answerable.mean()))
    judged = {
        "questions held back": taught,
        "questions of others": (probability, answerable),
        "the same, at their mix": (moved, answerable),
    }
    points = risk_coverage(*held_out.new())
    outer_points = risk_coverage(*outer)
    draw_reliability(
        folder / "reliability.svg",
        {name: reliability(*each) for name, each in judged.items()},
    )
    draw_risk_coverage(folder / "risk-coverage.svg", points, ranker.edited.threshold)
    limits = ranker.edited.threshold, ranker.edited.certain
    lines = [f"{'probability of an answer':<28}{'n':>6}{'answerable':>12}{'ECE':>8}{'Brier':>8}"]
    for name, (chances, true) in judged.items():
        lines.append(
            f"{name:<28}{len(true):>6}{true.mean():>12.1%}"
            f"{calibration_error(chances, true):>8.3f}{brier_score(chances, true):>8.3f}"
        )
    return "\n".join(
        [
            *lines,
            f"\nAnswers from {limits[0]:.2f}, in doubt from {limits[1]:.2f}. Questions held back:",
            show_points(near(points, *limits)),
            "\nQuestions of others, by the articles' decision alone:",
            show_points(near(outer_points, *limits)),
        ]
    )
