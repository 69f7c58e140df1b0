from __future__ import annotations

import numpy as np
import pytest

from assistant.folds import UNSEEN, fold_of
from tests.evaluation.understanding import (
    Judged,
    Settings,
    confusions,
    cross_validate,
    matrix,
    of_unseen,
    report,
)

MEANT = np.array(["cost"] * 4 + ["greet"] * 6)
TAKEN = np.array(["cost", "cost", "greet", "greet"] + ["greet"] * 6)
JUDGED = Judged(MEANT, TAKEN, np.array([True] + [False] * 9))


def test_the_matrix_counts_what_was_taken_for_what() -> None:
    assert matrix(JUDGED, ["cost", "greet"]).tolist() == [[2, 2], [0, 6]]


def test_pairs_told_apart_badly_come_worst_first() -> None:
    (pair,) = confusions(JUDGED)
    assert (pair.meant, pair.taken, pair.number, pair.share) == ("cost", "greet", 2, 0.5)
    assert confusions(JUDGED, at_least=0.5) == []


def test_what_the_encoder_has_not_seen_is_counted_for_itself() -> None:
    texts = [f"text {number}" for number in range(10)]
    unseen = [fold_of(text) == UNSEEN for text in texts]
    right = int(sum((MEANT == TAKEN)[unseen]))
    shown = of_unseen(JUDGED, texts)
    assert 0 < sum(unseen) < 10
    assert f"Of the {sum(unseen)} that" in shown
    assert f"{right / sum(unseen):.1%} are right" in shown


def test_the_report_says_what_the_fallback_takes() -> None:
    shown = report(JUDGED)
    assert "10 examples: 80.0% right" in shown
    assert "70.0% right, 20.0% wrong, 10.0% unsure" in shown
    assert "| `cost` | 4 | 50.0% | 100.0% | 25.0% |" in shown
    assert "| `cost` | `greet` | 2 | 50.0% |" in shown


def test_settings_are_those_of_the_assistant() -> None:
    settings = Settings.read()
    assert settings.classifier["C"] > 0
    assert "crisis" in settings.classifier["left_out"]
    assert 0 < settings.threshold < 1


def test_an_example_is_judged_by_what_was_learnt_without_it() -> None:
    """The one example of its kind, among others, can only be taken for those."""
    rows = np.eye(4, dtype=np.float32)[[0] * 10 + [1] * 10 + [2]]
    intents = ["a"] * 10 + ["b"] * 10 + ["c"]
    settings = Settings({"C": 10.0, "max_iter": 100}, 0.6, 0.05)
    judged = cross_validate(rows, ["the same words"] * 21, intents, settings)
    assert (judged.taken[:20] == judged.meant[:20]).all()
    assert judged.taken[20] != "c"
    assert not judged.unsure[:20].any()


@pytest.mark.parametrize(("threshold", "unsure"), [(0.0, False), (1.1, True)])
def test_below_the_threshold_the_fallback_takes_it(threshold: float, unsure: bool) -> None:
    rows = np.eye(2, dtype=np.float32)[[0] * 10 + [1] * 10]
    settings = Settings({"C": 10.0, "max_iter": 100}, threshold, 0.0)
    judged = cross_validate(rows, ["the same words"] * 20, ["a"] * 10 + ["b"] * 10, settings)
    assert bool(judged.unsure.all()) is unsure
