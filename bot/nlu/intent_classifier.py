"""Ranks the intents of a message by calibrated probability."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    FEATURE_TYPE_SENTENCE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.held_out import calibration_sample
from bot.nlu.intent_model import DEFAULTS, IntentModel
from bot.nlu.intent_names import label_of
from bot.nlu.kernel_ridge import Floats
from bot.nlu.sentence_encoder import BLIND_VECTOR, SentenceEncoder
from bot.nlu.spelling_repair import as_meant
from bot.nlu.trained import Trained

logger = logging.getLogger(__name__)
RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelIntentClassifier(Trained[IntentModel], IntentClassifier):
    """Predicts the full topic id (``faq/does_it_hurt``), not only its group (``faq``)."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config (see parent class for full docstring).

        gamma: sharpness of the sentence vectors' kernel. characters, words: weight of each
        n-gram kernel beside it. ridge: smoothing. axes: numbers kept of a sentence vector.
        """
        return dict(DEFAULTS)

    @classmethod
    def read(cls, folder: Path) -> IntentModel:
        """Reads the trained model."""
        return IntentModel.load(folder)

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs at run time."""
        return ["sklearn", "scipy"]

    def train(self, training_data: TrainingData) -> Resource:
        """Fits on every example that has an intent and a sentence vector."""
        encoded = [(e, vector_of(e)) for e in training_data.intent_examples]
        examples = [example for example, vector in encoded if vector is not None]
        vectors = [vector for _, vector in encoded if vector is not None]
        if not examples:
            logger.warning("No example with an intent: %s stays untrained.", type(self).__name__)
            return self._resource
        model = IntentModel({name: float(self._config[name]) for name in DEFAULTS})
        texts = [example.get(TEXT) for example in examples]
        labels = [label_of(example) for example in examples]
        accuracy = model.train(texts, np.stack(vectors), labels, _blind_vectors(examples, labels))
        if accuracy is not None:
            logger.info("Right on examples kept aside: %.3f of every fifth", accuracy)
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        self._part = model
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``intent`` and ``intent_ranking``; leaves a message without features alone."""
        for message in messages:
            vector = vector_of(message)
            if self._part is not None and vector is not None:
                _set_ranking(message, self._part, vector)
        return messages


def vector_of(message: Message) -> Floats | None:
    """A message's sentence vector, if the encoder has set one."""
    for features in message.features:
        if (
            features.attribute == TEXT
            and features.type == FEATURE_TYPE_SENTENCE
            and features.is_dense()
        ):
            vector: Floats = features.features[0]
            return vector
    return None


def _blind_vectors(examples: Sequence[Message], labels: Sequence[str]) -> Floats | None:
    sample = np.concatenate(calibration_sample(labels))
    vectors = [examples[index].get(BLIND_VECTOR) for index in sample]
    if any(vector is None for vector in vectors):
        return None
    return np.stack([np.frombuffer(vector, np.float32) for vector in vectors])


def _set_ranking(message: Message, model: IntentModel, vector: Floats) -> None:
    probabilities = model.probabilities([as_meant(message)], vector[None, :])[0]
    best = np.argsort(-probabilities)[:RANKING_LENGTH]
    ranking = [{"name": model.labels[i], "confidence": float(probabilities[i])} for i in best]
    message.set("intent", ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
