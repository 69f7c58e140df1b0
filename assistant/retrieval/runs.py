"""Rows that belong to sections, each section's rows in one run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# The best of nothing: below any likeness that is met.
NONE = -1.0


class Runs:
    """Which rows are whose.

    Attributes:
        owners: the section of each row, in order, (rows,).
        sections: how many there are.
    """

    def __init__(self, counts: Sequence[int]) -> None:
        """Takes how many rows each section has."""
        self.sections = len(counts)
        self.owners = np.repeat(np.arange(len(counts)), counts)
        self._bounds = [0, *np.cumsum(counts, dtype=int).tolist()]
        self._owning = np.unique(self.owners)
        self._starts = np.array(self._bounds)[self._owning]

    def of(self, section: int) -> slice:
        """The rows of a section."""
        return slice(self._bounds[section], self._bounds[section + 1])

    def best(self, values: Floats) -> Floats:
        """The greatest value of each section: (sections,); `NONE` where it has no row."""
        best = np.full(self.sections, NONE, np.float32)
        if len(self._owning):
            best[self._owning] = np.maximum.reduceat(values, self._starts)
        return best

    def two_best(self, vectors: Floats, vector: Floats, sections: Iterable[int]) -> Floats:
        """The greatest and the second greatest likeness within each of some sections.

        Args:
            vectors: of all rows, (rows, dimensions).
            vector: what they are compared with, (dimensions,).
            sections: which sections.

        Returns:
            Array (sections, 2); `NONE` where a section has too few rows.
        """
        # Section by section: a few dozen products of a few rows touch a small part of
        # the memory that one product with all rows would go through.
        return np.array([_two_greatest(vectors[self.of(each)] @ vector) for each in sections])


def _two_greatest(values: Floats) -> tuple[float, float]:
    # Padded, so that a section of one row has a second one, too.
    *_, second, best = sorted([NONE, NONE, *values.tolist()])
    return best, second
