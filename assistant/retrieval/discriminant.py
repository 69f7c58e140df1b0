"""Tells sections apart by what is particular to each one's questions.

Linear discriminant analysis (Fisher 1936; here with the shrinkage of Ledoit and
Wolf 2004): a likeness in a direction in which the questions of one section differ
among themselves says little, one in which sections differ says much. It needs no
labels but the questions that the authors wrote, and is solved, not searched for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Discriminant:
    """The linear function of each section.

    Attributes:
        directions: (sections, 384).
        offsets: (sections,); minus infinity for a section without questions.
    """

    directions: Floats
    offsets: Floats

    def probabilities(self, vector: Floats) -> Floats:
        """How likely each section is, were one of them the right one: (sections,).

        Args:
            vector: a question's embedding, (384,).
        """
        logits = self.directions @ vector + self.offsets
        best = logits.max(initial=-np.inf)
        if best == -np.inf:
            return np.zeros(len(logits), np.float32)
        chances = np.exp(logits - best)
        return np.asarray(chances / chances.sum(), np.float32)


def fit_discriminant(
    questions: Floats, owners: npt.NDArray[np.int64], sections: int
) -> Discriminant:
    """Fits it to the questions of a corpus.

    Args:
        questions: embeddings, (questions, 384).
        owners: the section of each, (questions,).
        sections: how many there are.

    Returns:
        One whose probabilities are all 0 where the corpus is too small to tell
        anything: one section, or one question each.
    """
    # Imported here: it takes a second, and is needed only when articles change.
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    directions = np.zeros((sections, questions.shape[1]), np.float32)
    offsets = np.full(sections, -np.inf, np.float32)
    classes = np.unique(owners)
    # With two sections scikit-learn gives one function for both; there is little to tell then.
    if 2 < len(classes) < len(owners):
        fitted = LinearDiscriminantAnalysis(
            solver="lsqr", shrinkage="auto", priors=np.full(len(classes), 1 / len(classes))
        ).fit(questions.astype(np.float64), owners)
        directions[classes] = fitted.coef_
        offsets[classes] = fitted.intercept_
    return Discriminant(directions, offsets)
