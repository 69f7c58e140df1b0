"""The glossary's topics in a message, as entities."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.tokens import Doc

from assistant.retrieval.language import TOPIC_LABEL


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TopicExtractor(GraphComponent, EntityExtractorMixin):
    """Takes the topics that the glossary's entity ruler found in the spaCy document.

    The ruler keeps the longest of overlapping names, so no place in the text
    belongs to two topics.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicExtractor:
        """Makes the component; it has no settings and learns nothing."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the topics of each message to its entities; in place."""
        for message in messages:
            doc = message.get(SPACY_DOCS[TEXT])
            found = self.add_extractor_name(_topics(doc)) if doc is not None else []
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def _topics(doc: Doc) -> list[dict[str, Any]]:
    return [
        {
            "entity": "topic",
            "value": span.ent_id_,
            "start": span.start_char,
            "end": span.end_char,
            "confidence": 1.0,
        }
        for span in doc.ents
        if span.label_ == TOPIC_LABEL
    ]
