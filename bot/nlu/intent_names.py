"""Gives the training data one more example of each intent: its name, read as words.

A label often says in two words what its examples circle around ("card arrival", "does it hurt").
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_GLUE = re.compile(r"[\W_]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class IntentNames(GraphComponent):
    """Stands first in the pipeline, so that all that follows treats the names as examples."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config: nothing."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentNames:
        """Creates a new component (see parent class for full docstring)."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The training data with the names of its intents, each once."""
        examples = training_data.intent_examples
        texts = {str(example.get(TEXT)).lower() for example in examples}
        named = {label_of(example): example for example in examples}
        added = [
            _example(words, named[label])
            for label in sorted(named)
            if (words := name_of(label)) and words not in texts
        ]
        return TrainingData(
            [*training_data.training_examples, *added],
            training_data.entity_synonyms,
            training_data.regex_features,
            training_data.lookup_tables,
            training_data.responses,
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Leaves messages as they are."""
        return messages


def label_of(example: Message) -> str:
    """The whole intent of a training example: ``faq/does_it_hurt``, not only ``faq``."""
    return str(example.get(INTENT_RESPONSE_KEY) or example.get(INTENT))


def name_of(label: str) -> str:
    """``does it hurt`` of ``faq/does_it_hurt``; the group before the stroke says too little."""
    return _GLUE.sub(" ", label.split("/", 1)[-1]).strip().lower()


def _example(text: str, like: Message) -> Message:
    keys = (INTENT, INTENT_RESPONSE_KEY)
    return Message({TEXT: text, **{k: like.get(k) for k in keys if like.get(k)}})
