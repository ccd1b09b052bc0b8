"""A learned second opinion on red flags: it may add a warning, and never removes the gate's."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.decision import SAFETY_GROUP, SUSPICION, group
from bot.nlu.intent_classifier import vector_of
from bot.nlu.intent_names import label_of
from bot.nlu.kernel_ridge import Floats
from bot.nlu.middle import middle_half, middle_vectors
from bot.nlu.red_flag_messages import read_messages
from bot.nlu.red_flag_model import Examples, RedFlagModel
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.nlu.spelling_repair import as_meant
from bot.nlu.trained import Trained
from bot.settings import ROOT

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RedFlagDetector(Trained[RedFlagModel], IntentClassifier):
    """Reads the middle half of the sentence vector, whatever the other half is adapted to."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config.

        messages: folder of the messages it learns from. weights_dir, max_tokens: as for
        ``SentenceEncoder``.
        """
        return {
            "messages": str(Path("data") / "safety" / "learned"),
            "weights_dir": None,
            "max_tokens": 128,
        }

    @classmethod
    def read(cls, folder: Path) -> RedFlagModel:
        """Reads the trained model."""
        return RedFlagModel.load(folder)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits on its own messages, and on the topics' as harmless ones.

        Data without a safety topic has no use for it, and trains nothing.
        """
        harmless = [
            example
            for example in training_data.intent_examples
            if group(label_of(example)) != SAFETY_GROUP and vector_of(example) is not None
        ]
        if len(harmless) == len(training_data.intent_examples) or not harmless:
            logger.warning("No safety topic: %s stays untrained.", type(self).__name__)
            return self._resource
        model = RedFlagModel.train(self._own_examples(), _as_examples(harmless))
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        self._part = model
        return self._resource

    def _own_examples(self) -> Examples:
        messages = read_messages(ROOT / self._config["messages"])
        texts, labels = [text for text, _ in messages], [label for _, label in messages]
        vectors = middle_vectors(texts, self._config["weights_dir"], self._config["max_tokens"])
        return Examples(texts, vectors, labels)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``suspicion``: level, sign and probability of a red flag."""
        for message in messages:
            vector = vector_of(message)
            if self._part is None or vector is None:
                continue
            found = self._part.suspect(as_meant(message), middle_half(vector))
            suspicion = {"level": found.level, "sign": found.sign, "confidence": found.confidence}
            message.set(SUSPICION, suspicion, add_to_output=True)
        return messages


def _as_examples(messages: list[Message]) -> Examples:
    vectors: list[Floats] = [
        middle_half(vector) for m in messages if (vector := vector_of(m)) is not None
    ]
    return Examples([str(m.get(TEXT)) for m in messages], np.stack(vectors), ())
