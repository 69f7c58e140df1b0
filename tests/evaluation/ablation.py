"""`make ablation`: what each kind of evidence is worth for finding the right section.

Everything is fitted anew without it, in cross-validation; the candidates stay the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.errors import AssistantError
from assistant.retrieval.calibration import Rows
from assistant.retrieval.cases import Case, weigh
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.evidence import FEATURES, Evidence
from assistant.retrieval.examples import read_labelled_questions
from assistant.retrieval.fitting import (
    FieldExamples,
    HeldOut,
    fit_order,
    judge_held_out,
    right_among,
)
from assistant.settings import ROOT, load_settings
from commands.steps import fail, step
from tests.evaluation.plots import draw_bars
from tests.evaluation.probabilities import own_questions

_QUESTIONS = ROOT / "tests" / "evaluation" / "questions.jsonl"
_PLOT = ROOT / "results" / "ablation.svg"
_SENTENCES = ("sentence", "second_sentence")
_LIKENESS = ("question", "second_question", *_SENTENCES, "middle", "heading")
_COUNTED = ("words", "question_words")
_KEPT: Mapping[str, Sequence[str]] = {
    "everything": FEATURES,
    "words of the section alone (BM25)": ("words",),
    "words, both counts (BM25)": _COUNTED,
    "nearest question alone (embedding)": ("question",),
    "likeness alone (embedding)": _LIKENESS,
}
_LEFT_OUT: Mapping[str, Sequence[str]] = {
    "without words": (*_COUNTED, "covered"),
    "without the share of words met": ("covered",),
    "without likeness": _LIKENESS,
    "without sentences": _SENTENCES,
    "without second question": ("second_question",),
    "without heading": ("heading",),
    "without the mean of all texts": ("middle",),
    "without discriminant": ("discriminant",),
    "without topics": ("topic", "foreign_topic"),
    "without aspect": ("aspect",),
}


@dataclass(frozen=True)
class Line:
    """Shares of answerable questions with a right section first, and among the first three.

    Attributes:
        held_out: of the labelled questions, in cross-validation.
        own: of our own questions, fitted on all labelled ones.
    """

    name: str
    held_out: tuple[float, float]
    own: tuple[float, float]


def main() -> int:
    """Prints the table and draws it; returns 1 when it cannot be measured."""
    try:
        with step("Weighing the questions"):
            settings = load_settings()
            parts = SearchParts.load(settings.corpus, settings.models_dir)
            cases = weigh(parts, read_labelled_questions())
            foreign = FieldExamples.read(parts, cases).log_odds(cases)
            stored = map(json.loads, _QUESTIONS.read_text("utf-8").splitlines())
            own = weigh(parts, own_questions(list(stored)))
        with step("Fitting anew without each kind of evidence"):
            variants = {**_KEPT, **{name: _but(left) for name, left in _LEFT_OUT.items()}}
            lines = [judge(name, kept, cases, foreign, own) for name, kept in variants.items()]
    except AssistantError as error:
        return fail(str(error))
    print(
        f"\n| evidence | labelled: first | first three | own: first | first three |\n{'|---' * 5}|"
    )
    for line in lines:
        shares = " | ".join(f"{100 * share:.1f}" for share in (*line.held_out, *line.own))
        print(f"| {line.name} | {shares} |")
    _PLOT.parent.mkdir(exist_ok=True)
    draw_bars(_PLOT, {line.name: line.held_out[0] for line in lines}, "right section first, %")
    print(f"The plot is in {_PLOT.relative_to(ROOT)}.")
    return 0


def judge(
    name: str, kept: Sequence[str], cases: Sequence[Case], foreign: Rows, own: Sequence[Case]
) -> Line:
    """How often the right section is found by some of the evidence."""
    taught, asked = ([with_only(kept, case) for case in each] for each in (cases, own))
    held_out = judge_held_out(taught, foreign)
    order = fit_order(taught)
    among = np.array([right_among(order, case, 1, 3) for case in asked if case.answerable])
    return Line(name, _found(held_out), (float(among[:, 0].mean()), float(among[:, 1].mean())))


def with_only(kept: Sequence[str], case: Case) -> Case:
    """A case with the other evidence at zero, so that it has no weight."""
    features = case.evidence.features * np.isin(FEATURES, kept)
    return replace(case, evidence=Evidence(case.evidence.sections, features.astype(np.float32)))


def _found(held_out: HeldOut) -> tuple[float, float]:
    first, first_three = (
        flags[held_out.answerable].mean() for flags in (held_out.first, held_out.first_three)
    )
    return float(first), float(first_three)


def _but(left_out: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in FEATURES if name not in left_out)


if __name__ == "__main__":
    sys.exit(main())
