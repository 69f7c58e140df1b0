from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import CorpusError
from assistant.retrieval.calibration import (
    at_mix,
    brier_score,
    calibration_error,
    choose_limits,
    near,
    reliability,
    risk_coverage,
    show_points,
)

# 100 questions at each of ten probabilities, of which just that share is answerable.
PER_CENT = range(5, 100, 10)
PROBABILITY = np.repeat(np.array(PER_CENT) / 100, 100)
ANSWERABLE = np.concatenate([np.arange(100) < share for share in PER_CENT])


def test_a_probability_that_keeps_its_word_has_no_error() -> None:
    assert calibration_error(PROBABILITY, ANSWERABLE) == pytest.approx(0, abs=1e-9)
    shares = [each.share for each in reliability(PROBABILITY, ANSWERABLE)]
    assert shares == pytest.approx(np.array(PER_CENT) / 100)


def test_the_error_is_how_far_the_probability_is_off() -> None:
    assert calibration_error(np.full(10, 0.9), np.arange(10) < 7) > 0.19
    assert calibration_error(PROBABILITY - 0.05, ANSWERABLE) == pytest.approx(0.05)


def test_bins_hold_the_same_number_of_questions() -> None:
    bins = reliability(np.linspace(0, 1, 103) ** 3, np.ones(103, bool))
    assert sorted({each.number for each in bins}) == [10, 11]
    assert sum(each.number for each in bins) == 103


def test_brier_score_is_the_mean_squared_distance() -> None:
    assert brier_score(np.array([1.0, 0.5, 0.0]), np.array([True, True, True])) == pytest.approx(
        (0 + 0.25 + 1) / 3
    )


def test_another_mix_moves_the_odds_and_the_same_mix_moves_nothing() -> None:
    probability = np.array([0.2, 0.5, 0.8])
    assert at_mix(probability, 0.5, 0.5) == pytest.approx(probability)
    # Four times as many answerable ones as others: four times the odds.
    assert at_mix(probability, 0.5, 0.8) == pytest.approx([0.5, 0.8, 16 / 17])


def test_a_point_says_what_becomes_of_each_kind() -> None:
    probability = np.array([0.9, 0.9, 0.3, 0.7, 0.1, 0.1])
    answerable = np.array([True, True, True, False, False, False])
    other = np.array([False, False, False, False, True, True])
    points = risk_coverage(probability, answerable, other)
    (point,) = [each for each in points if each.threshold == 0.5]
    assert point.coverage == pytest.approx(2 / 3)
    # Of a hundred questions 60 have an answer and get one in two of three cases; of the
    # ten without one, all are answered; of the thirty of other subjects, none.
    assert point.false == pytest.approx(10 / (10 + 60 * 2 / 3))
    assert point.refused == 1
    assert point.unanswered == 0


def _labelled(others: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Answerable questions of every probability, and these of other subjects."""
    own = np.linspace(0, 1, 1000)
    answerable = np.arange(1000 + len(others)) < 1000
    return np.concatenate([own, others]), answerable, ~answerable


def test_the_threshold_is_the_least_that_refuses_98_of_100_other_subjects() -> None:
    others = np.concatenate([np.full(96, 0.1), [0.305, 0.405, 0.505, 0.605]])
    limits = choose_limits(*_labelled(others))
    # Above 0.405 only two of a hundred are left; above 0.505 one.
    assert limits.answer == pytest.approx(0.41)
    assert limits.certain == pytest.approx(0.51)


def test_few_answers_to_what_no_article_answers_are_accepted() -> None:
    probability, answerable, other = _labelled(np.full(100, 0.1))
    missing = np.full(100, 0.8)
    limits = choose_limits(
        np.concatenate([probability, missing]),
        np.concatenate([answerable, np.zeros(100, bool)]),
        np.concatenate([other, np.zeros(100, bool)]),
    )
    # At 0.5 every fourth answer would be to one of them.
    assert limits.answer == pytest.approx(0.81)


def test_how_many_questions_of_a_kind_were_written_moves_no_threshold() -> None:
    probability, answerable, other = _labelled(np.repeat(np.linspace(0, 0.5, 100), 10))
    missing = np.linspace(0, 0.7, 200)
    labels = np.concatenate([other, np.zeros(200, bool)])
    known = np.concatenate([answerable, np.zeros(200, bool)])
    chances = np.concatenate([probability, missing])
    once = choose_limits(chances, known, labels)
    more = np.concatenate([chances, np.repeat(probability[:1000], 4)])
    longer = np.concatenate([known, np.ones(4000, bool)])
    assert choose_limits(more, longer, np.concatenate([labels, np.zeros(4000, bool)])) == once


def test_where_no_threshold_keeps_the_rules_it_is_told() -> None:
    with pytest.raises(CorpusError, match="teach too little"):
        choose_limits(*_labelled(np.full(100, 0.999)))


def test_the_table_shows_each_tenth_and_what_is_asked_for() -> None:
    points = risk_coverage(PROBABILITY, ANSWERABLE, ~ANSWERABLE)
    shown = show_points(near(points, 0.66)).splitlines()
    assert [line.split()[0] for line in shown[1:]] == [
        *("0.10", "0.20", "0.30", "0.40", "0.50", "0.60", "0.66", "0.70", "0.80", "0.90")
    ]
