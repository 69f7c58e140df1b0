from __future__ import annotations

import numpy as np

from assistant.retrieval.logit import fit_conditional_logit

RIGHT_IS_GREATER = [
    (np.array([[0.1 * n, 1.0], [1 + 0.1 * n, 1.0]], np.float32), np.array([False, True]))
    for n in range(20)
]


def test_what_tells_the_right_one_gets_weight_and_what_never_varies_none() -> None:
    telling, same = fit_conditional_logit(RIGHT_IS_GREATER)
    assert telling > 1
    assert same == 0


def test_choices_may_have_different_numbers_of_competitors() -> None:
    longer = (np.array([[0.0, 1], [0.5, 1], [2, 1]], np.float32), np.array([False, False, True]))
    assert fit_conditional_logit([*RIGHT_IS_GREATER, longer])[0] > 1


def test_several_may_be_right_at_once() -> None:
    both = (np.array([[0.0, 1], [1, 1], [2, 1]], np.float32), np.array([False, True, True]))
    assert fit_conditional_logit([both] * 10)[0] > 0
