"""Puts sections in order, and says how likely the articles answer a question.

Three small models, fitted on the project's own questions (`make fit`) and kept in
`data/ranker.json`: they weigh evidence, so they hold for any corpus. The first weighs
a section's evidence; the second tells by a question's embedding whether it is of this
field at all; the third turns that and the evidence for the best section into the
probability that the articles answer, on which the assistant abstains. At run time
each is a dot product. The first and the third are fitted a second time for drafts,
whose questions nobody has written yet (`Judgement`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.corpus.model import Corpus
from assistant.errors import CorpusError
from assistant.retrieval.encoder import DIMENSIONS, Encoder
from assistant.retrieval.evidence import FEATURES
from assistant.retrieval.index import Floats
from assistant.retrieval.sentences import SENTENCE_FEATURES
from assistant.settings import ROOT

_INTERCEPT = "(intercept)"
RANKER_FILE = ROOT / "data" / "ranker.json"

# What the answerable-or-not decision sees of the best section: all but the aspect, which
# says what is asked and not whether it is answered.
_OF_THE_BEST = FEATURES.index("aspect")
_TEXTS = [FEATURES.index(name) for name in ("question", "sentence")]
_MIDDLE = FEATURES.index("middle")
# So many sections are what the articles say around a question.
_AROUND = 5
DECISION_FEATURES = (
    *FEATURES[:_OF_THE_BEST],
    "around",  # mean likeness to the middles of the nearest sections
    "nearest",  # likeness to the nearest question or sentence of any section
    "known_words",  # share of the content words that the corpus uses
    "lead",  # log-odds by which the best section is ahead of the next
    "foreign",  # log-odds that the question is of another subject
)


@dataclass(frozen=True)
class Weights:
    """A fitted logistic regression: one weight a feature, and the intercept."""

    weights: tuple[float, ...]
    intercept: float

    def logits(self, features: Floats | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Log-odds of each row; features (rows, len(weights))."""
        return np.asarray(features @ np.array(self.weights) + self.intercept)

    def named(self, features: tuple[str, ...]) -> dict[str, float]:
        """Feature names to weights, rounded to what can matter."""
        values = (*self.weights, self.intercept)
        names = (*features, _INTERCEPT)
        return {name: round(value, 6) for name, value in zip(names, values, strict=True)}

    @classmethod
    def from_named(cls, stored: dict[str, float], features: tuple[str, ...]) -> Weights:
        """Reads what `named` gave; KeyError when it is of other features."""
        if stored.keys() != {*features, _INTERCEPT}:
            raise KeyError("features")
        return cls(tuple(stored[name] for name in features), stored[_INTERCEPT])

    def row(self) -> str:
        """All numbers in one line, the intercept last: for weights that have no names."""
        return " ".join(f"{value:.4f}" for value in (*self.weights, self.intercept))

    @classmethod
    def from_row(cls, stored: str, features: int) -> Weights:
        """Reads what `row` gave; ValueError when it is of another length."""
        *weights, intercept = map(float, stored.split())
        if len(weights) != features:
            raise ValueError("features")
        return cls(tuple(weights), intercept)


@dataclass(frozen=True)
class Judgement:
    """How sections are put in order, and from where on they are answered from.

    Attributes:
        order: over `FEATURES`.
        decision: over `DECISION_FEATURES`.
        threshold: probability under which the assistant abstains.
        certain: probability that outweighs a reason for doubt.
    """

    order: Weights
    decision: Weights
    threshold: float
    certain: float

    def scores(self, evidence: Floats) -> npt.NDArray[np.float64]:
        """Log-odds of each section being the right one: (sections,)."""
        return self.order.logits(evidence)

    def probability(self, evidence: Floats, known_words: float, foreign: float) -> float:
        """Probability that the articles answer the question.

        Args:
            evidence: (sections, len(FEATURES)).
            known_words: share of the question's content words that the corpus uses.
            foreign: from `Ranker.foreign`.
        """
        features = decision_features(self.scores(evidence), evidence, known_words, foreign)
        return probability_of(self.decision.logits(features))

    def as_dict(self) -> dict[str, Any]:
        """The numbers, each weight beside its feature's name."""
        return {
            "order": self.order.named(FEATURES),
            "decision": self.decision.named(DECISION_FEATURES),
            "threshold": self.threshold,
            "certain": self.certain,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Judgement:
        """Reads what `as_dict` gave; KeyError when it is of other features."""
        return cls(
            order=Weights.from_named(stored["order"], FEATURES),
            decision=Weights.from_named(stored["decision"], DECISION_FEATURES),
            threshold=float(stored["threshold"]),
            certain=float(stored["certain"]),
        )


@dataclass(frozen=True)
class Ranker:
    """The fitted numbers.

    Attributes:
        edited: for articles whose questions their editors wrote.
        drafted: for a corpus of nothing but drafts, where sentences say more than the
            questions that the importer proposed.
        field: over an embedding: log-odds that a question is of another subject.
        sentences: over `SENTENCE_FEATURES`.
    """

    edited: Judgement
    drafted: Judgement
    field: Weights
    sentences: Weights

    def judgement(self, corpus: Corpus) -> Judgement:
        """The one for a corpus."""
        return self.drafted if corpus.drafted else self.edited

    def foreign(self, vector: Floats) -> float:
        """Log-odds that a question is of another subject, by its embedding, (384,)."""
        return float(self.field.logits(vector))

    def save(self, path: Path = RANKER_FILE) -> None:
        """Writes the numbers as JSON."""
        stored = {
            "edited": self.edited.as_dict(),
            "drafted": self.drafted.as_dict(),
            "field": self.field.row(),
            "encoder": Encoder.version,
            "sentences": self.sentences.named(SENTENCE_FEATURES),
        }
        path.write_text(json.dumps(stored, indent=2) + "\n", "ascii")

    @classmethod
    def load(cls, path: Path = RANKER_FILE) -> Ranker:
        """Reads what `save` wrote.

        Raises:
            CorpusError: the file is missing, or was fitted for other features.
        """
        try:
            stored = json.loads(path.read_text("ascii"))
            return cls(
                edited=Judgement.from_dict(stored["edited"]),
                drafted=Judgement.from_dict(stored["drafted"]),
                field=Weights.from_row(stored["field"], DIMENSIONS),
                sentences=Weights.from_named(stored["sentences"], SENTENCE_FEATURES),
            )
        except (OSError, ValueError, KeyError, TypeError):
            raise CorpusError("Does not fit this version; run `make fit`.", str(path)) from None


def decision_features(
    scores: npt.NDArray[np.float64], evidence: Floats, known_words: float, foreign: float
) -> npt.NDArray[np.float64]:
    """The row of `DECISION_FEATURES` for one question."""
    order = np.argsort(scores)[::-1]
    lead = scores[order[0]] - scores[order[1]] if len(order) > 1 else 0.0
    # What many sections speak of is answered, though each of them be a little off.
    around = np.sort(evidence[:, _MIDDLE])[-_AROUND:].mean()
    # A draft's questions may be poor; then its sentences speak for it.
    nearest = evidence[:, _TEXTS].max()
    of_the_best = evidence[order[0], :_OF_THE_BEST]
    return np.array([*of_the_best, around, nearest, known_words, lead, foreign])


def probability_of(log_odds: npt.NDArray[np.float64]) -> float:
    """The probability that log-odds stand for."""
    return float(1 / (1 + np.exp(-log_odds)))
