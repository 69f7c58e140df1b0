"""Chooses the sentences of a section that answer a question."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

MIN_SENTENCES = 2
MAX_SENTENCES = 4
# Authors put the most direct sentences first; they get this much more likeness,
# falling evenly from the first to none for the seventh. On our own questions any
# bonus from 0.1 to 0.2 does as well.
_LEAD_BONUS = 0.15
_LEAD_SENTENCES = 6
# A sentence far less like the question than the best one is left out.
_LEAST_SHARE = 0.55
# Where an article cites for some sentences only, those come before their like.
_CITED_BONUS = 0.3


def choose_sentences(
    likeness: npt.NDArray[np.float32],
    cited: npt.NDArray[np.bool_],
    most: int = MAX_SENTENCES,
) -> tuple[int, ...]:
    """Numbers of the sentences to quote, in the article's order.

    Args:
        likeness: of each sentence of the section to the question.
        cited: whether each rests on a reference.
        most: how many at most.

    Returns:
        2 to `most` numbers; fewer only where the section has fewer.
    """
    position = np.arange(len(likeness))
    scores = likeness + _LEAD_BONUS * np.maximum(0, 1 - position / _LEAD_SENTENCES)
    if not cited.all():
        scores = scores + _CITED_BONUS * cited
    ranked = np.argsort(-scores, kind="stable")
    good = int(np.sum(scores >= _LEAST_SHARE * scores[ranked[0]]))
    return tuple(sorted(map(int, ranked[: max(MIN_SENTENCES, min(most, good))])))
