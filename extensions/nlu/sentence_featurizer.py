"""Sentence embeddings as features of a message."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.retrieval.encoder import Encoder
from assistant.settings import load_settings
from extensions.embedding import SharedEncoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(GraphComponent):
    """Adds the embedding of a message's text: dense, sentence level, 384 dimensions.

    Rasa's `DenseFeaturizer` is no base of this class: its module imports
    TensorFlow's constants, and its one method aggregates token features.
    """

    def __init__(self, encoder: SharedEncoder, name: str) -> None:
        """Takes the process's encoder, and the name that its features carry."""
        self._encoder = encoder
        self._name = name

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Loads the encoder, built first when it is not there.

        Raises:
            EncoderError: the weights or the built graph are not what they were.
        """
        encoder = SharedEncoder.load(load_settings().models_dir)
        return cls(encoder, config.get(FEATURIZER_CLASS_ALIAS) or execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Features of another encoder are another training result."""
        return Encoder.version

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds features (1, 384) to each message that has a text; in place."""
        with_text = [message for message in messages if message.get(TEXT)]
        vectors = self._encoder.encode([message.get(TEXT) for message in with_text])
        for message, vector in zip(with_text, vectors, strict=True):
            message.add_features(self._features(vector))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds features to all training examples; the encoder cuts them into batches."""
        self.process(training_data.training_examples)
        return training_data

    def _features(self, vector: np.ndarray) -> Features:
        return Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._name)
