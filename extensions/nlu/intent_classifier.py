"""What kind of thing a message wants: logistic regression over its embedding and its words.

The embedding knows what a message is about, its words how it is asked: "should I stop
taking it" and "how is it stopped" are near each other in the one and not in the other.
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
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_WEIGHTS = "weights.npz"
_METADATA = "metadata.json"
_RANKING_LENGTH = 10
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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmbeddingIntentClassifier(GraphComponent):
    """Ranks the intents of a message from its dense sentence features.

    scikit-learn is needed for training alone: what is kept are the coefficients,
    without pickle, with a hash that is checked when they are loaded.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        """Takes the configuration, where to persist, and a trained model if there is one."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: inverse strength of the regularisation; `max_iter`: iterations of the solver.

        Embeddings have length 1, and so have the words of a message, so scikit-learn's C
        of 1 holds the weights so small that right answers get a confidence below any
        useful threshold. More iterations take long, and change no figure.
        `left_out`: intents that another component gives, and that are not learnt.
        """
        return {"C": 10.0, "max_iter": 100, "left_out": []}

    @staticmethod
    def required_packages() -> list[str]:
        """Another scikit-learn makes another training result."""
        return ["sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmbeddingIntentClassifier:
        """Makes an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> EmbeddingIntentClassifier:
        """Loads a trained classifier.

        Raises:
            RasaException: the persisted file is not the one that was trained.
        """
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, _read(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa fingerprints the class alone; this covers the rest of the module."""
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the coefficients on all examples with an intent, and persists them.

        Raises:
            RasaException: there are fewer than two intents to tell apart.
        """
        left_out = self._config["left_out"]
        examples = [
            message
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT) and message.get(INTENT) not in left_out
        ]
        intents = [message.get(INTENT) for message in examples]
        if len(set(intents)) < 2:
            raise RasaException("Training needs examples of at least two intents.")
        self._model = fit_linear_model(_vectors(examples), _texts(examples), intents, self._config)
        with self._storage.write_to(self._resource) as folder:
            _write(self._model, folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the best intent and the ranking (10 at the most) of each message; in place."""
        readable = [m for m in messages if _vector(m) is not None]
        if self._model is None or not readable:
            return messages
        rows = self._model.probabilities(_vectors(readable), _texts(readable))
        for message, row in zip(readable, rows, strict=True):
            ranking = _ranking(self._model.intents, row)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as they are: no component learns from predictions."""
        return training_data


def _vector(message: Message) -> Array | None:
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else np.asarray(sentence.features[0], np.float32)


def _vectors(messages: list[Message]) -> Array:
    return np.stack([vector for m in messages if (vector := _vector(m)) is not None])


def _texts(messages: list[Message]) -> list[str]:
    return [str(message.get(TEXT)) for message in messages]


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


def _ranking(intents: tuple[str, ...], row: Array) -> list[dict[str, Any]]:
    best = np.argsort(-row)[:_RANKING_LENGTH]
    return [{INTENT_NAME_KEY: intents[at], PREDICTED_CONFIDENCE_KEY: float(row[at])} for at in best]


def _write(model: LinearModel, folder: Path) -> None:
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


def _read(folder: Path) -> LinearModel:
    content = (folder / _WEIGHTS).read_bytes()
    metadata = json.loads((folder / _METADATA).read_text("utf-8"))
    if hashlib.sha256(content).hexdigest() != metadata["sha256"]:
        raise RasaException("The intent classifier's weights have been changed; train again.")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        rows = {str(term): row for row, term in enumerate(arrays["terms"])}
        words = Words(rows, arrays["rarity"], arrays["word_weights"])
        return LinearModel(tuple(metadata["intents"]), arrays["weights"], arrays["bias"], words)
