"""What the encoder's adapter is learnt from, and what each step of it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.retrieval.kinds import Kinds

_SECTIONS = 48  # in one step; each stands against all others of the step
_NEIGHBOURS = 11  # that come with a section into a step, where neighbours are told apart
# Two questions of different sections that are this like each other may have the same answer.
_MAY_BE_SAME = 0.8

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Lessons:
    """Texts, as the reader expands them.

    Attributes:
        questions: of each section, two or more.
        sentences: of each section, one or more, with its heading.
        kept: texts that no section is about: they are held where they were.
        answers: of each question of each section, which sentence answers it; None where
            that is not known.
        near: of each section, the numbers of those that are likest to it.
        vectors: of each section's questions, as another encoder sees them, (questions, 384).
        kinds: texts whose kind is to be told, each sort for itself.
    """

    questions: Sequence[Sequence[str]]
    sentences: Sequence[Sequence[str]]
    kept: Sequence[str]
    answers: Sequence[Sequence[int | None]]
    near: Sequence[Sequence[int]]
    vectors: Sequence[Floats]
    kinds: Sequence[Kinds] = ()

    def draw(self, choose: np.random.Generator, close: bool) -> tuple[list[list[str]], Floats]:
        """What one step learns from.

        Args:
            choose: draws.
            close: sections with some of their neighbours, not any.

        Returns:
            Two questions of each section and a sentence that answers the first, as three lists
            in the sections' order; and which of the sections may answer each other's
            questions, 1 or 0, (sections, sections).
        """
        sections = self._close(choose) if close else self._any(choose)
        pairs = [choose.choice(len(self.questions[at]), 2, replace=False) for at in sections]
        sentences = []
        for at, (first, _) in zip(sections, pairs, strict=True):
            answer = self.answers[at][first] if close else None
            number = choose.integers(len(self.sentences[at])) if answer is None else answer
            sentences.append(self.sentences[at][number])
        firsts, seconds = (
            [self.questions[at][pair[side]] for at, pair in zip(sections, pairs, strict=True)]
            for side in (0, 1)
        )
        return [firsts, seconds, sentences], self._may_be_same(sections, pairs)

    def _any(self, choose: np.random.Generator) -> list[int]:
        count = min(_SECTIONS, len(self.questions))
        return [int(at) for at in choose.choice(len(self.questions), count, replace=False)]

    def _close(self, choose: np.random.Generator) -> list[int]:
        """Some sections, each with some of its neighbours."""
        drawn: dict[int, None] = {}
        count = min(_SECTIONS, len(self.questions))
        while len(drawn) < count:
            at = int(choose.integers(len(self.questions)))
            most = min(_NEIGHBOURS, len(self.near[at]))
            drawn |= dict.fromkeys([at, *map(int, choose.choice(self.near[at], most, False))])
        return list(drawn)[:count]

    def _may_be_same(
        self, sections: Sequence[int], pairs: Sequence[npt.NDArray[np.int64]]
    ) -> Floats:
        firsts, seconds = (
            np.array(
                [self.vectors[at][pair[side]] for at, pair in zip(sections, pairs, strict=True)]
            )
            for side in (0, 1)
        )
        same = np.maximum(firsts @ firsts.T, firsts @ seconds.T) > _MAY_BE_SAME
        np.fill_diagonal(same, False)
        return np.asarray(same, np.float32)
