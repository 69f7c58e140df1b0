"""Decides how many sections to quote for a question, and which sentences of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MIN_SENTENCES = 2
MAX_SENTENCES = 4
# Of the section that may be right instead of the best one.
SECOND_SENTENCES = 3
MAX_SECTIONS = 2
# How sure it has to be that a right section is among those quoted.
_SURE = 0.9
# From this likeness on two sentences say the same.
_SAME = 0.9
# So far ahead of the best new sentence, in log-odds, one that was read may come again.
_CLEARLY = 1.0

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Candidate:
    """A section that may be quoted.

    Attributes:
        scores: log-odds of each sentence being one to quote, (sentences,).
        vectors: embeddings of the sentences, (sentences, 384).
    """

    scores: Floats
    vectors: Floats


def sections_to_quote(chances: Sequence[float]) -> int:
    """As many sections as it takes to be sure that a right one is among them, two at most.

    Args:
        chances: of each section to be the right one, best first, 0 to 1.
    """
    reached = np.cumsum(chances[:MAX_SECTIONS]) >= _SURE
    return int(reached.argmax()) + 1 if reached.any() else len(reached)


def best_of(
    candidate: Candidate, most: int, said: Collection[int] = frozenset()
) -> tuple[int, ...]:
    """Numbers of a section's best sentences, in the article's order.

    Args:
        candidate: the section.
        most: how many.
        said: those that were quoted for other questions. None of them comes again but the
            best of all where it is clearly so, and may be the answer; unless there is hardly
            another.

    Returns:
        `most` numbers; fewer where the section has fewer, or says the same again.
    """
    ranked = list(map(int, np.argsort(-candidate.scores, kind="stable")))
    new = [number for number in ranked if number not in said]
    if new and candidate.scores[ranked[0]] - candidate.scores[new[0]] >= _CLEARLY:
        new = [ranked[0], *(number for number in new if number != ranked[0])]
    chosen: list[int] = []
    passed_over: list[int] = []
    for number in new if len(new) >= MIN_SENTENCES else ranked:
        likeness = candidate.vectors[chosen] @ candidate.vectors[number]
        if len(chosen) < most:
            (passed_over if (likeness > _SAME).any() else chosen).append(number)
    # A section that says everything twice still gives two sentences.
    return tuple(sorted([*chosen, *passed_over[: max(0, MIN_SENTENCES - len(chosen))]]))
