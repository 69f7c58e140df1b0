from __future__ import annotations

import numpy as np

from assistant.retrieval.discriminant import fit_discriminant
from assistant.retrieval.search import Searcher


def _questions() -> tuple[np.ndarray, np.ndarray]:
    """Three sections; the first axis tells them apart, the others are noise."""
    noise = np.random.default_rng(1).normal(0, 0.5, (30, 8)).astype(np.float32)
    owners = np.repeat([0, 1, 2], 10)
    noise[:, 0] = np.array([-1, 0, 1])[owners] + 0.05 * noise[:, 0]
    return noise, owners


def test_what_is_particular_to_a_section_outweighs_what_is_not() -> None:
    questions, owners = _questions()
    fitted = fit_discriminant(questions, owners, 3)
    asked = np.zeros(8, np.float32)
    asked[0] = 1
    asked[1:] = questions[owners == 0][0][1:]
    # All but the telling axis is like a question of the first section.
    chances = fitted.probabilities(asked)
    assert chances.argmax() == 2
    assert np.isclose(chances.sum(), 1)


def test_a_section_without_questions_has_no_chance() -> None:
    questions, owners = _questions()
    chances = fit_discriminant(questions, np.where(owners == 2, 3, owners), 4).probabilities(
        questions[0]
    )
    assert chances[2] == 0
    assert np.isclose(chances.sum(), 1)


def test_a_corpus_too_small_to_tell_says_nothing() -> None:
    questions, _ = _questions()
    for owners in ([0, 0, 0], [0, 1, 2], [0, 0, 1]):
        fitted = fit_discriminant(questions[:3], np.array(owners), 3)
        assert not fitted.probabilities(questions[0]).any()
    empty = fit_discriminant(np.empty((0, 8), np.float32), np.array([], int), 1)
    assert not empty.probabilities(questions[0]).any()


def test_most_questions_of_a_section_are_most_likely_its_own(searcher: Searcher) -> None:
    index = searcher.parts.index
    rows = np.arange(0, len(index.vectors.questions), 50)
    guessed = [
        int(index.discriminant.probabilities(index.vectors.questions[row]).argmax()) for row in rows
    ]
    right = np.array(guessed) == index.question_runs.owners[rows]
    # By chance one in some hundred would be.
    assert right.mean() > 0.6
