from __future__ import annotations

import numpy as np

from assistant.retrieval.runs import NONE, Runs


def test_the_best_of_each_section_is_found_and_none_where_it_has_no_row() -> None:
    runs = Runs([2, 0, 3])
    best = runs.best(np.array([0.1, 0.4, 0.3, 0.9, 0.2], np.float32))
    assert np.allclose(best, [0.4, NONE, 0.9])


def test_rows_and_owners_agree() -> None:
    runs = Runs([2, 0, 3])
    assert list(runs.owners) == [0, 0, 2, 2, 2]
    assert [runs.of(section) for section in range(3)] == [slice(0, 2), slice(2, 2), slice(2, 5)]


def test_no_rows_at_all_are_no_best() -> None:
    assert np.allclose(Runs([0, 0]).best(np.array([], np.float32)), [NONE, NONE])


def test_the_two_best_of_some_sections_are_found() -> None:
    runs = Runs([2, 0, 1])
    vectors = np.array([[0.1, 0], [0.4, 0], [0.9, 1]], np.float32)
    best = runs.two_best(vectors, np.array([1, 0], np.float32), [0, 1, 2])
    assert np.allclose(best, [[0.4, 0.1], [NONE, NONE], [0.9, NONE]])
