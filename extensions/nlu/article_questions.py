"""Teaches the classifier what a question to the articles looks like, by their own questions."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.corpus.load import corpus_version, load_corpus
from assistant.errors import CorpusError
from assistant.settings import load_settings

logger = logging.getLogger(__name__)

# What is asked of a topic nobody has said of these questions; `SecondLook` puts the likeliest
# kind of question in its place, so no rule ever sees it.
ARTICLE_INTENT = "ask_article"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ArticleQuestions(GraphComponent):
    """Adds some of the articles' questions to what is learnt from; leaves messages alone.

    People put into a question what else they might want: "my mom drinks every day, is there
    a place for kids like me?" wants no sign-up. The examples of the other intents cannot
    hold all of it; the thousands of questions that the articles carry hold much.
    """

    def __init__(self, most: int) -> None:
        """Takes how many questions to add at most."""
        self._most = most

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`most`: how many questions are added, evenly from all articles."""
        return {"most": 2000}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ArticleQuestions:
        """Makes it; the articles are read in training alone."""
        return cls(int(config["most"]))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other articles are another training result, when one is asked for."""
        try:
            articles = corpus_version(load_settings().corpus)
        except CorpusError:
            articles = "none"
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest() + articles

    def process(self, messages: list[Message]) -> list[Message]:
        """Returns the messages as they are."""
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The examples with the questions beside them."""
        examples = [
            Message.build(text=question, intent=ARTICLE_INTENT) for question in self._questions()
        ]
        return training_data.merge(TrainingData(examples))

    def _questions(self) -> Iterator[str]:
        try:
            corpus = load_corpus(load_settings().corpus)
        except CorpusError:
            # What is wrong with the articles is said where they are answered from.
            logger.warning("The articles cannot be read: their questions teach nothing.")
            return
        every = [question for _, section in corpus.sections() for question in section.questions]
        step = max(1, -(-len(every) // self._most))
        yield from every[::step]
