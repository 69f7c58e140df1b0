"""Puts sections in order, and says how likely the first one answers the question.

Two logistic regressions, both fitted on the project's own texts when the index
is built. The first weighs a section's evidence; the second turns the evidence
for the best section into the probability that the articles answer at all, on
which the assistant abstains. At run time both are a dot product.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.retrieval.evidence import FEATURES
from assistant.retrieval.index import Floats

# What the answerable-or-not decision sees: how like the question the best section
# is, not what it is about. A topic's name is in many a message that no article answers.
_LIKENESS = FEATURES.index("topic")
DECISION_FEATURES = (*FEATURES[:_LIKENESS], "known_words", "lead")


@dataclass(frozen=True)
class Weights:
    """A fitted logistic regression: one weight a feature, and the intercept."""

    weights: tuple[float, ...]
    intercept: float

    def logits(self, features: Floats | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Log-odds of each row; features (rows, len(weights))."""
        return np.asarray(features @ np.array(self.weights) + self.intercept)


@dataclass(frozen=True)
class Ranker:
    """The fitted numbers that order sections and decide whether to answer.

    Attributes:
        order: over `FEATURES`.
        decision: over `DECISION_FEATURES`.
        threshold: probability under which the assistant abstains.
    """

    order: Weights
    decision: Weights
    threshold: float

    def scores(self, evidence: Floats) -> npt.NDArray[np.float64]:
        """Log-odds of each section being the right one: (sections,)."""
        return self.order.logits(evidence)

    def probability(self, evidence: Floats, known_words: float) -> float:
        """Probability that the articles answer the question.

        Args:
            evidence: (sections, len(FEATURES)).
            known_words: share of the question's content words that the corpus uses.
        """
        features = decision_features(self.scores(evidence), evidence, known_words)
        return float(1 / (1 + np.exp(-self.decision.logits(features[np.newaxis])[0])))

    def save(self, path: Path) -> None:
        """Writes the numbers as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1), "ascii")

    @classmethod
    def load(cls, path: Path) -> Ranker:
        """Reads what `save` wrote."""
        stored = json.loads(path.read_text("ascii"))
        return cls(
            order=Weights(tuple(stored["order"]["weights"]), stored["order"]["intercept"]),
            decision=Weights(tuple(stored["decision"]["weights"]), stored["decision"]["intercept"]),
            threshold=stored["threshold"],
        )


def decision_features(
    scores: npt.NDArray[np.float64], evidence: Floats, known_words: float
) -> npt.NDArray[np.float64]:
    """The row of `DECISION_FEATURES` for one question."""
    order = np.argsort(scores)[::-1]
    lead = scores[order[0]] - scores[order[1]] if len(order) > 1 else 0.0
    return np.array([*evidence[order[0], :_LIKENESS], known_words, lead])
