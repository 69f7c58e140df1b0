"""Rows that belong to sections, each section's rows in one run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# The best of nothing: below any likeness that is met.
NONE = -1.0


class Runs:
    """Which rows are whose.

    Attributes:
        owners: the section of each row, in order, (rows,).
    """

    def __init__(self, counts: Sequence[int]) -> None:
        """Takes how many rows each section has."""
        self._sections = len(counts)
        self.owners = np.repeat(np.arange(len(counts)), counts)
        self._starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        self._owning = self.owners[self._starts]

    def of(self, section: int) -> slice:
        """The rows of a section."""
        start, stop = np.searchsorted(self.owners, [section, section + 1])
        return slice(int(start), int(stop))

    def best(self, values: Floats) -> Floats:
        """The greatest value of each section: (sections,); `NONE` where it has no row."""
        best = np.full(self._sections, NONE, np.float32)
        if len(self._starts):
            best[self._owning] = np.maximum.reduceat(values, self._starts)
        return best
