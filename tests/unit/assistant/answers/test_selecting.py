from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.selecting import choose_sentences


@given(st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=20), st.integers(2, 4))
def test_two_to_four_sentences_are_chosen_in_the_articles_order(
    likeness: list[float], most: int
) -> None:
    chosen = choose_sentences(np.array(likeness, np.float32), np.ones(len(likeness), bool), most)
    assert 2 <= len(chosen) <= most
    assert list(chosen) == sorted(set(chosen))
    assert set(chosen) <= set(range(len(likeness)))


@pytest.mark.parametrize(
    ("likeness", "chosen"),
    [
        ([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], (0, 1, 2, 3)),
        ([0.1, 0.1, 0.1, 0.1, 0.9, 0.9], (4, 5)),
        ([0.9, 0.0, 0.0, 0.0, 0.8], (0, 4)),
        ([0.9, 0.1, 0.0], (0, 1)),
        ([0.9], (0,)),
    ],
)
def test_the_likest_are_chosen_and_the_first_ones_preferred(
    likeness: list[float], chosen: tuple[int, ...]
) -> None:
    assert choose_sentences(np.array(likeness, np.float32), np.ones(len(likeness), bool)) == chosen


def test_what_is_cited_comes_before_its_like() -> None:
    likeness = np.full(6, 0.5, np.float32)
    cited = np.array([False, False, False, False, True, True])
    assert choose_sentences(likeness, cited, 2) == (4, 5)
    assert choose_sentences(likeness, ~cited, 2) == (0, 1)
