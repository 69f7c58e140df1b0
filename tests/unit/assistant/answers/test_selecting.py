from __future__ import annotations

import numpy as np
import pytest

from assistant.answers.selecting import Candidate, best_of, sections_to_quote


def _candidate(*scores: float, alike: tuple[int, int] | None = None) -> Candidate:
    vectors = np.eye(max(len(scores), 2), dtype=np.float32)[: len(scores)]
    if alike:
        vectors[alike[1]] = vectors[alike[0]]
    return Candidate(np.array(scores, np.float32), vectors)


def test_the_best_sentences_are_given_in_the_articles_order() -> None:
    assert best_of(_candidate(0.1, 3.0, 0.2, 2.9, 2.8), 2) == (1, 3)
    assert best_of(_candidate(0.1, 3.0, 0.2, 2.9, 2.8, 2.7), 4) == (1, 3, 4, 5)


def test_a_section_of_one_sentence_gives_that_one() -> None:
    assert best_of(_candidate(1.0), 4) == (0,)


def test_nothing_is_said_twice_unless_there_is_nothing_else() -> None:
    assert best_of(_candidate(3.0, 2.9, 2.0, alike=(0, 1)), 2) == (0, 2)
    assert best_of(_candidate(3.0, 2.9, alike=(0, 1)), 2) == (0, 1)


def test_of_what_was_just_quoted_only_what_is_clearly_the_best_comes_again() -> None:
    candidate = _candidate(4.0, 2.9, 2.8, 2.7, 2.6)
    assert best_of(candidate, 3, {0, 1, 2}) == (0, 3, 4)
    assert best_of(candidate, 2, {1, 2}) == (0, 3)
    assert best_of(_candidate(3.0, 2.9, 2.8, 2.7, 2.6), 3, {0, 1, 2}) == (3, 4)


def test_what_was_just_quoted_comes_again_where_there_is_nothing_else() -> None:
    assert best_of(_candidate(3.0, 2.9, 2.8), 2, {0, 1, 2}) == (0, 1)


@pytest.mark.parametrize(
    ("chances", "sections"),
    [
        ([0.95, 0.05], 1),
        ([0.8, 0.15, 0.05], 2),
        ([0.5, 0.3, 0.15, 0.05], 2),
        ([0.3, 0.2, 0.2, 0.2, 0.1], 2),
        ([1.0], 1),
        ([0.6, 0.4], 2),
    ],
)
def test_the_less_sure_the_more_sections_are_quoted(chances: list[float], sections: int) -> None:
    assert sections_to_quote(chances) == sections
