"""Fits a conditional logit: what is chosen out of what it competes with.

McFadden, "Conditional logit analysis of qualitative choice behavior", 1974.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# Holds the weights down; between 0.001 and 0.1 nothing much changes.
_PENALTY = 0.01

Rows = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def fit_conditional_logit(choices: Sequence[tuple[npt.NDArray[np.float32], Flags]]) -> Rows:
    """Weights under which what is right is likeliest to come first.

    Args:
        choices: for each, the features of all that compete, (competitors,
            features), and which of them are right; one or more.

    Returns:
        Array (features,); 0 for a feature that never varies.
    """
    from scipy.optimize import minimize

    most = max(len(right) for _, right in choices)
    rows = np.zeros((len(choices), most, choices[0][0].shape[1]))
    rights = np.zeros((len(choices), most), bool)
    there = np.zeros((len(choices), most), bool)
    for at, (features, right) in enumerate(choices):
        rows[at, : len(right)] = features
        rights[at, : len(right)] = right
        there[at, : len(right)] = True
    scale = rows[there].std(axis=0)
    rows = np.divide(rows, scale, out=np.zeros_like(rows), where=scale > 0)

    def loss(weights: Rows) -> tuple[float, Rows]:
        scores = np.where(there, rows @ weights, -np.inf)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        hit = (chances * rights).sum(axis=1)
        gradient = np.einsum("qs,qsf->f", chances - chances * rights / hit[:, None], rows)
        value = -np.log(hit).mean() + _PENALTY * weights @ weights
        return float(value), gradient / len(rows) + 2 * _PENALTY * weights

    fitted = minimize(loss, np.zeros(rows.shape[2]), jac=True, method="L-BFGS-B").x
    return np.asarray(np.divide(fitted, scale, out=np.zeros_like(fitted), where=scale > 0))
