"""A multinomial logistic regression over a message's embedding and its words.

scikit-learn is needed to fit it alone: what is kept are the coefficients, without pickle,
with a hash that is checked when they are loaded.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.shared.exceptions import RasaException

_WEIGHTS = "weights.npz"
_METADATA = "metadata.json"
_WORD = re.compile(r"\w+|\?")
_SEEN_AT_LEAST = 2

Array = npt.NDArray[np.float32]


def terms(text: str) -> list[str]:
    """The words of a text, and pairs of neighbours, each once; a question mark is a word."""
    words = _WORD.findall(text.lower())
    return list(dict.fromkeys([*words, *(f"{one} {two}" for one, two in pairwise(words))]))


@dataclass(frozen=True)
class Words:
    """What the words of a message add to the scores.

    Attributes:
        rows: term -> its number.
        rarity: of each term: its weight in the vector of a message's terms, (terms,).
        weights: array (terms, classes).
    """

    rows: dict[str, int]
    rarity: Array
    weights: Array

    def scores(self, text: str) -> Array:
        """For each class, (classes,): zeros where no term is known."""
        known = [self.rows[term] for term in terms(text) if term in self.rows]
        if not known:
            return np.zeros(self.weights.shape[1], np.float32)
        vector = self.rarity[known]
        return np.asarray(vector / np.linalg.norm(vector) @ self.weights[known], np.float32)


@dataclass(frozen=True)
class LinearModel:
    """A trained multinomial logistic regression.

    Attributes:
        intents: names of the classes, in the order of the rows.
        weights: of the embedding, array (classes, features).
        bias: array (classes,).
        words: the rest of it.
    """

    intents: tuple[str, ...]
    weights: Array
    bias: Array
    words: Words

    def probabilities(self, vectors: Array, texts: Sequence[str]) -> Array:
        """Softmax of the scores.

        Args:
            vectors: embeddings, array (n, features).
            texts: what they are of, n.

        Returns:
            Array (n, classes); each row sums to 1.
        """
        scores = vectors @ self.weights.T + self.bias
        scores = scores + np.stack([self.words.scores(text) for text in texts])
        # Shifting by the maximum keeps exp() finite and changes no ratio.
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def fit_linear_model(
    vectors: Array, texts: Sequence[str], intents: Sequence[str], config: dict[str, Any]
) -> LinearModel:
    """Fits the coefficients.

    Args:
        vectors: embeddings, array (examples, features).
        texts: what they are of.
        intents: of each example; at least two different ones.
        config: of the component, with its defaults.

    Raises:
        RasaException: no two examples share a word.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    weighed = TfidfVectorizer(analyzer=terms, binary=True, min_df=_SEEN_AT_LEAST)
    try:
        of_words = weighed.fit_transform(texts)
    except ValueError:
        raise RasaException("Training needs more examples: no two share a word.") from None
    regression = LogisticRegression(
        C=config["C"],
        max_iter=config["max_iter"],
        multi_class="multinomial",
        class_weight="balanced",
    )
    with warnings.catch_warnings():
        # That it could go on is known.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(hstack([csr_matrix(vectors), of_words]).tocsr(), intents)
    weights, bias = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        # scikit-learn keeps one row for two classes: w and -w under its softmax.
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    names = tuple(str(name) for name in regression.classes_)
    weights, size = weights.astype(np.float32), vectors.shape[1]
    known = {str(term): int(row) for term, row in weighed.vocabulary_.items()}
    words = Words(known, weighed.idf_.astype(np.float32), np.ascontiguousarray(weights[:, size:].T))
    return LinearModel(names, weights[:, :size], bias.astype(np.float32), words)


def save_linear_model(model: LinearModel, folder: Path) -> None:
    """Writes the coefficients, and their hash."""
    buffer = io.BytesIO()
    np.savez(
        buffer,
        weights=model.weights,
        bias=model.bias,
        terms=np.array(sorted(model.words.rows, key=model.words.rows.__getitem__)),
        rarity=model.words.rarity,
        word_weights=model.words.weights,
    )
    (folder / _WEIGHTS).write_bytes(buffer.getvalue())
    metadata = {
        "intents": model.intents,
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
    }
    (folder / _METADATA).write_text(json.dumps(metadata), "utf-8")


def load_linear_model(folder: Path) -> LinearModel:
    """Reads what `save_linear_model` wrote.

    Raises:
        RasaException: the file is not the one that was trained.
    """
    content = (folder / _WEIGHTS).read_bytes()
    metadata = json.loads((folder / _METADATA).read_text("utf-8"))
    if hashlib.sha256(content).hexdigest() != metadata["sha256"]:
        raise RasaException("The intent classifier's weights have been changed; train again.")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        rows = {str(term): row for row, term in enumerate(arrays["terms"])}
        words = Words(rows, arrays["rarity"], arrays["word_weights"])
        return LinearModel(tuple(metadata["intents"]), arrays["weights"], arrays["bias"], words)
