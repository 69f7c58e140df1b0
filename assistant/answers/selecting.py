"""Chooses the sentences that answer a question, out of one section or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

MIN_SENTENCES = 2
MAX_SENTENCES = 4
# A sentence that is so much less likely to be chosen than the best one is left out.
_LEAST_SHARE = 0.05
# From this likeness on two sentences say the same.
_SAME = 0.9

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Candidate:
    """A section that may be quoted.

    Attributes:
        scores: log-odds of each sentence being one to quote, (sentences,); they
            compare over all candidates of a question.
        vectors: embeddings of the sentences, (sentences, 384).
    """

    scores: Floats
    vectors: Floats


def choose(candidates: Sequence[Candidate]) -> dict[int, tuple[int, ...]]:
    """The best four sentences of one section, or the best two of each of two.

    Args:
        candidates: the sections, best first; each with one sentence or more.

    Returns:
        Numbers of candidates to numbers of their sentences, in the article's order;
        two sentences or more of each, where it has them.
    """
    best = max(float(each.scores.max()) for each in candidates)
    chances = [np.exp(each.scores - best) for each in candidates]
    four = [best_of(each, MAX_SENTENCES) for each in candidates]
    two = [best_of(each, MIN_SENTENCES) for each in candidates]
    options = [{number: four[number]} for number in range(len(candidates))]
    options += [
        {one: two[one], other: two[other]}
        for one, other in combinations(range(len(candidates)), MIN_SENTENCES)
    ]

    def weight(option: dict[int, tuple[int, ...]]) -> float:
        return sum(float(chances[at][list(numbers)].sum()) for at, numbers in option.items())

    # The first of equals: one section is better than two.
    return max(options, key=weight)


def best_of(candidate: Candidate, most: int) -> tuple[int, ...]:
    """Numbers of a section's best sentences, in the article's order.

    Returns:
        2 to `most` numbers; fewer only where the section has fewer.
    """
    ranked = np.argsort(-candidate.scores, kind="stable")
    least = candidate.scores[ranked[0]] + np.log(_LEAST_SHARE)
    chosen: list[int] = []
    passed_over: list[int] = []
    for number in map(int, ranked):
        said = candidate.vectors[chosen] @ candidate.vectors[number]
        if len(chosen) < most and (len(chosen) < MIN_SENTENCES or candidate.scores[number] > least):
            (passed_over if (said > _SAME).any() else chosen).append(number)
    # A section that says everything twice still gives two sentences.
    return tuple(sorted([*chosen, *passed_over[: max(0, MIN_SENTENCES - len(chosen))]]))
