"""What a fit sees of windows, as matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.safety.classifier import WORDS, Floats, Window

_SEEN_AT_LEAST = 2


def document_weights(found: Sequence[Window]) -> dict[str, float]:
    """Rare terms weigh more (Sparck Jones, 1972); those seen once are left out."""
    counts: dict[str, int] = {}
    for window in found:
        for term in set(window.terms()):
            counts[term] = counts.get(term, 0) + 1
    return {
        term: float(np.log((1 + len(found)) / (1 + count)) + 1)
        for term, count in sorted(counts.items())
        if count >= _SEEN_AT_LEAST
    }


def term_vectors(found: Sequence[Window], idf: dict[str, float]) -> Any:
    """The terms of each window as a row of length `WORDS`, in a sparse matrix."""
    from scipy.sparse import csr_matrix

    places = {term: place for place, term in enumerate(idf)}
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    for window in found:
        known = {term: idf[term] for term in window.terms() if term in idf}
        length = sum(weight**2 for weight in known.values()) ** 0.5
        values += [WORDS * weight / length for weight in known.values()]
        columns += [places[term] for term in known]
        starts.append(len(values))
    return csr_matrix((values, columns, starts), shape=(len(found), len(idf)))


def beside(dense: Floats, sparse: Any) -> Any:
    """Both as one sparse matrix, the dense columns first."""
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(dense), sparse]).tocsr()
