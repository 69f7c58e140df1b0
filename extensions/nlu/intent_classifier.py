"""What kind of thing a message wants: logistic regression over its embedding and its words.

The embedding knows what a message is about, its words how it is asked: "should I stop
taking it" and "how is it stopped" are near each other in the one and not in the other.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
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

from extensions.nlu import linear_model
from extensions.nlu.linear_model import (
    Array,
    LinearModel,
    fit_linear_model,
    load_linear_model,
    save_linear_model,
)

_RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmbeddingIntentClassifier(GraphComponent):
    """Ranks the intents of a message from its embedding and its words.

    What it knows is a `LinearModel`.
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
        useful threshold. More iterations take long, and change little.
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
            return cls(config, model_storage, resource, load_linear_model(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Covers both modules: Rasa fingerprints the class alone."""
        sources = (Path(__file__), Path(linear_model.__file__))
        return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()

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
            save_linear_model(self._model, folder)
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


def _ranking(intents: tuple[str, ...], row: Array) -> list[dict[str, Any]]:
    best = np.argsort(-row)[:_RANKING_LENGTH]
    return [{INTENT_NAME_KEY: intents[at], PREDICTED_CONFIDENCE_KEY: float(row[at])} for at in best]
