"""Texts whose kind the encoder has to leave visible: an intent, an emergency or none.

Learning what belongs to a section alone would blur it: "should I stop taking methadone"
and "how is methadone stopped" are of one section, and of two kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

# Of the regression that a head begins with, scikit-learn's C.
_FREEDOM = 20.0
# Holds what is learnt of a head down.
_SMALL = 2e-4

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Kinds:
    """Texts and the kind of each.

    Attributes:
        texts: as people write them.
        labels: of each.
        asked: labels one of which every question of the articles has; may be none.
    """

    texts: Sequence[str]
    labels: Sequence[str]
    asked: frozenset[str] = frozenset()

    @property
    def names(self) -> list[str]:
        """The labels that there are, sorted."""
        return sorted(set(self.labels))

    def numbers(self) -> Numbers:
        """Of each text the place of its label among `names`, (texts,)."""
        places = {name: place for place, name in enumerate(self.names)}
        return np.array([places[label] for label in self.labels], np.int32)

    def draw(self, choose: np.random.Generator, count: int) -> tuple[list[str], Numbers]:
        """Some texts with the numbers of their labels; rare kinds come more often than they are."""
        numbers = self.numbers()
        weights = np.bincount(numbers)[numbers] ** -0.5
        drawn = choose.choice(len(self.texts), count, p=weights / weights.sum())
        return [self.texts[at] for at in drawn], numbers[drawn]


class Head:
    """A linear classifier of kinds over the encoder's vectors, learnt along with it.

    Attributes:
        variables: its coefficients and intercepts.
    """

    def __init__(self, tf: Any, kinds: Kinds, vectors: Floats) -> None:
        """Begins as the regression that fits the texts where they are now.

        Args:
            tf: TensorFlow.
            kinds: what it tells apart, two or more.
            vectors: of the texts, (texts, 384).
        """
        from sklearn.linear_model import LogisticRegression

        numbers = kinds.numbers()
        fitted = LogisticRegression(C=_FREEDOM, max_iter=200, class_weight="balanced")
        fitted.fit(vectors, numbers)
        weights, bias = fitted.coef_, fitted.intercept_
        if len(kinds.names) == 2:
            # scikit-learn keeps one row for two classes.
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        self._tf = tf
        self._weights = tf.Variable(weights.T.astype(np.float32))
        self._bias = tf.Variable(bias.astype(np.float32))
        self._asked = tf.constant([name in kinds.asked for name in kinds.names])
        self._has_asked = bool(kinds.asked)
        self.variables = [self._weights, self._bias]

    def loss(self, vectors: Any, numbers: Any, questions: Any) -> Any:
        """How badly it tells the kinds of texts, and that the articles' questions are asked.

        Args:
            vectors: of the texts, (texts, 384).
            numbers: of their labels, (texts,).
            questions: vectors of the articles' questions, (questions, 384).
        """
        tf = self._tf
        told = tf.nn.sparse_softmax_cross_entropy_with_logits(numbers, self._logits(vectors))
        loss = tf.reduce_mean(told) + _SMALL * tf.reduce_mean(tf.reduce_sum(self._weights**2, 0))
        if not self._has_asked:
            return loss
        shares = tf.nn.softmax(self._logits(questions))
        asked = tf.reduce_sum(tf.where(self._asked, shares, 0.0), -1)
        return loss - 0.5 * tf.reduce_mean(tf.math.log(asked + 1e-9))

    def _logits(self, vectors: Any) -> Any:
        return self._tf.matmul(vectors, self._weights) + self._bias
