"""The spaCy pipeline made from the glossary, provided to the components after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.utils.spacy_utils import SpacyNLP

from assistant.corpus.load import load_glossary
from assistant.corpus.model import Topic
from assistant.retrieval.language import pipeline_hash, saved_pipeline
from assistant.settings import ROOT, load_settings


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MODEL_LOADER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
    model_from="GlossarySpacyNLP",
)
class GlossarySpacyNLP(SpacyNLP):
    """`SpacyNLP` on the project's own pipeline, which it builds when it is missing."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The glossary's path, from the project's root; texts keep their case.

        With the case kept, offsets in the document are offsets in what the
        person wrote: lowering some letters changes the length of a text.
        """
        return {"glossary": "data/glossary.yml", "case_sensitive": True}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GlossarySpacyNLP:
        """Loads the pipeline, built first when it is not there.

        Raises:
            CorpusError: the glossary cannot be used.
        """
        config = {**cls.get_default_config(), **config}
        folder = saved_pipeline(_glossary(config), load_settings().models_dir)
        return cls(cls.load_model(str(folder)), config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """A changed glossary, spaCy or builder makes another training result."""
        return pipeline_hash(_glossary({**cls.get_default_config(), **config}))


def _glossary(config: dict[str, Any]) -> tuple[Topic, ...]:
    return load_glossary(ROOT / Path(config["glossary"]))
