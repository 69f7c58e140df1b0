"""The safety gate's verdict as an NLU component, for Rasa's own channels and its shell.

It alone gives the intent `crisis`: the intent classifier does not learn it, since
what it takes for one would replace an answer.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from assistant.safety.emergency import Emergency
from assistant.settings import load_settings
from extensions.emergencies import CRISIS_INTENT, VERDICT, Watch, watch


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyDetector(GraphComponent):
    """Sets the intent `crisis` with certainty where the detector notices an emergency.

    What was noticed goes with the parse data, as `emergency`. It comes last in the
    pipeline, after the fallback, which it overrules.
    """

    def __init__(self, watch: Watch) -> None:
        """Takes what looks at the texts."""
        self._watch = watch

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmergencyDetector:
        """Takes the watch of the process; it has no settings and learns nothing."""
        return cls(watch(load_settings().models_dir))

    def process(self, messages: list[Message]) -> list[Message]:
        """Overrules the intent of each message with an emergency; in place."""
        for message in messages:
            text = message.get(TEXT)
            emergency = self._watch.notice(text) if text else None
            if emergency is not None:
                _overrule(message, emergency)
        return messages


def _overrule(message: Message, emergency: Emergency) -> None:
    intent = {INTENT_NAME_KEY: CRISIS_INTENT, PREDICTED_CONFIDENCE_KEY: 1.0}
    others = [
        each
        for each in message.get(INTENT_RANKING_KEY) or []
        if each.get(INTENT_NAME_KEY) != CRISIS_INTENT
    ]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
    # No entity: those are of the domain, and test stories would have to name each.
    message.set(VERDICT, asdict(emergency), add_to_output=True)
