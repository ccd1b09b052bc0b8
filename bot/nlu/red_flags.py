"""A learned second opinion on red flags: it may add a warning, and never removes the gate's."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import SettingError
from bot.nlu.decision import SAFETY_GROUP, SUSPICION, group
from bot.nlu.encoder import Vectors
from bot.nlu.intent_names import label_of
from bot.nlu.red_flag_layers import LAYERS_FILE, RedFlagLayers, checked_layers, red_flag_vectors
from bot.nlu.red_flag_messages import read_messages
from bot.nlu.red_flag_model import Examples, RedFlagModel, Suspicion
from bot.nlu.sentence_encoder import PARTS, SentenceEncoder
from bot.nlu.trained import Trained
from bot.settings import ROOT

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SecondOpinion:
    """What is trained and served.

    Attributes:
        layers: Make a vector of a message's states.
        model: Tells red flags from harmless messages by it.
    """

    layers: RedFlagLayers
    model: RedFlagModel

    def suspect(self, parts: Sequence[tuple[str, Vectors]]) -> Suspicion:
        """The gravest suspicion of a message's parts.

        Args:
            parts: Each with its text and its states, of ``Encoder.states``.
        """
        vectors = self.layers.vectors([states for _, states in parts])
        found = [
            self.model.suspect(text, vector)
            for (text, _), vector in zip(parts, vectors, strict=True)
        ]
        return max(found, key=lambda suspicion: suspicion.confidence)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RedFlagDetector(Trained[SecondOpinion], IntentClassifier):
    """Reads a message's states by layers of its own, whatever the topics' are adapted to."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config.

        messages: folder of the messages it learns from, and of its layers. weights_dir,
        max_tokens: as for ``SentenceEncoder``.
        """
        return {
            "messages": str(Path("data") / "safety" / "learned"),
            "weights_dir": None,
            "max_tokens": 128,
        }

    @classmethod
    def read(cls, folder: Path) -> SecondOpinion:
        """Reads the trained model and its layers.

        Raises:
            SettingError: when the model was trained before it had layers of its own.
        """
        model = RedFlagModel.load(folder)
        if not (folder / LAYERS_FILE).is_file():
            raise SettingError(
                "The model was trained by an older version.", remedy="Run `bot train`."
            )
        return SecondOpinion(RedFlagLayers(folder / LAYERS_FILE), model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits on its own messages, and on the topics' as harmless ones.

        Data without a safety topic has no use for it, and trains nothing.
        """
        labels = [group(label_of(example)) for example in training_data.intent_examples]
        harmless = [
            str(example.get(TEXT))
            for example, label in zip(training_data.intent_examples, labels, strict=True)
            if label != SAFETY_GROUP and example.get(TEXT)
        ]
        if SAFETY_GROUP not in labels or not harmless:
            logger.warning("No safety topic: %s stays untrained.", type(self).__name__)
            return self._resource
        folder = ROOT / self._config["messages"]
        graph = checked_layers(folder)
        model = RedFlagModel.train(*self._examples(read_messages(folder), harmless, graph))
        with self._storage.write_to(self._resource) as target:
            model.save(target)
            shutil.copyfile(graph, target / LAYERS_FILE)
        self._part = SecondOpinion(RedFlagLayers(graph), model)
        return self._resource

    def _examples(
        self, own: Sequence[tuple[str, str]], harmless: Sequence[str], graph: Path
    ) -> tuple[Examples, Examples]:
        texts = [text for text, _ in own]
        weights_dir, max_tokens = self._config["weights_dir"], self._config["max_tokens"]
        vectors = red_flag_vectors([*texts, *harmless], graph, weights_dir, max_tokens)
        return (
            Examples(texts, vectors[: len(own)], [label for _, label in own]),
            Examples(harmless, vectors[len(own) :], ()),
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``suspicion``: level, sign and probability of a red flag, of the gravest part."""
        for message in messages:
            parts = message.get(PARTS)
            if self._part is None or parts is None:
                continue
            found = self._part.suspect(parts)
            suspicion = {"level": found.level, "sign": found.sign, "confidence": found.confidence}
            message.set(SUSPICION, suspicion, add_to_output=True)
        return messages
