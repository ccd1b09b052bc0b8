"""Puts the sentence encoder's vector on each message as a dense feature."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import Encoder, convert_once, installed_weights
from bot.nlu.text import normalise

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Converts the weights while training and carries them in the model archive."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {
            **DenseFeaturizer.get_default_config(),
            # Folder with model.safetensors and tokenizer.json; the installed package if unset.
            "weights_dir": None,
            # Longer messages are cut here.
            "max_tokens": 128,
            # Threads for one message; more helps throughput only on an idle machine.
            "threads": 1,
        }

    def __init__(self, config: dict[str, Any], name: str, encoder: Encoder | None = None) -> None:
        super().__init__(name, config)
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Creates a new untrained component (see parent class for full docstring)."""
        component = cls(config, execution_context.node_name)
        component._storage, component._resource = model_storage, resource
        return component

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        """Loads the encoder from the model archive."""
        try:
            with model_storage.read_from(resource) as folder:
                encoder = Encoder(folder, config["max_tokens"], config["threads"])
        except ValueError:
            logger.warning("%s was not trained; it leaves every message alone.", cls.__name__)
            return cls(config, execution_context.node_name)
        return cls(config, execution_context.node_name, encoder)

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs at run time."""
        return ["onnxruntime", "tokenizers"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to check beyond the types, which loading checks."""

    def train(self, training_data: TrainingData) -> Resource:
        """Writes the converted encoder into the model; the data plays no part."""
        configured = self._config["weights_dir"]
        weights = Path(configured) if configured else installed_weights()
        with self._storage.write_to(self._resource) as folder:
            convert_once(weights, folder, _cache())
            self._encoder = Encoder(folder, self._config["max_tokens"], self._config["threads"])
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encodes every training example."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encodes messages and sets the sentence feature of each."""
        written = [message for message in messages if message.get(TEXT)]
        if self._encoder is None or not written:
            return messages
        vectors = self._encoder.encode([normalise(message.get(TEXT)) for message in written])
        for message, vector in zip(written, vectors, strict=True):
            message.add_features(
                Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
        return messages


def _cache() -> Path:
    """Rasa's own cache folder: what is in it can be made again at any time."""
    return Path(os.environ.get("RASA_CACHE_DIRECTORY", ".rasa/cache"))
