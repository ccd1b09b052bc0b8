"""Puts the sentence encoder's vector on each message as a dense feature.

Training adapts the encoder's last layers to the intents. Scores on examples that the encoder was
adapted to flatter it, so a second copy is adapted to examples of the other four fifths; its vectors
travel beside the examples as ``BLIND_VECTOR``, and the classifier calibrates on the last fifth.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import (
    UPPER_FILE,
    Encoder,
    Pooling,
    Vectors,
    convert_once,
    installed_weights,
    official_weights,
    with_middle,
    write_upper,
)
from bot.nlu.held_out import calibration_sample
from bot.nlu.intent_names import label_of
from bot.nlu.spelling_repair import as_meant
from bot.nlu.state_cache import known_states, training_cache
from bot.nlu.text import normalise

logger = logging.getLogger(__name__)

# Under which name a message carries its beginning, and the later parts of a long one, each with
# what the layers that never change make of it.
PARTS = "encoded_parts"
# So many words fit into the default `max_tokens`; a later part begins before the one before ends.
PART, STRIDE = 90, 60
BLIND_VECTOR = "blind_vector"
BLIND_FILE = "blind.int8.onnx"
# Enough for a temperature; the copy is thrown away afterwards.
BLIND_SHARE = 0.25
# A handful of examples is learnt by heart long before `presentations`.
MAX_EPOCHS = 12
# With more examples of an intent than this, the classifier needs the encoder's help less.
PLENTY = 60


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
            # Examples shown for each intent while the last layers are adapted, repeats counted: the
            # more intents, the more there is to tell apart. 0 leaves the layers as published.
            "presentations": 150,
            "learning_rate": 3e-4,
            # How much the middle vector counts beside the adapted one; 0 leaves it out.
            "middle_share": 0.3,
            "seed": 0,
        }

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        encoder: Encoder | None = None,
    ) -> None:
        super().__init__(name, config)
        self._storage = model_storage
        self._resource = resource
        self._encoder = encoder
        self._middle = float(config["middle_share"])
        self._known = known_states("states", config["max_tokens"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Creates a new untrained component (see parent class for full docstring)."""
        return cls(config, execution_context.node_name, model_storage, resource)

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
            return cls(config, execution_context.node_name, model_storage, resource)
        return cls(config, execution_context.node_name, model_storage, resource, encoder)

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs at run time."""
        return ["onnxruntime", "tokenizers"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to check beyond the types, which loading checks."""

    def train(self, training_data: TrainingData) -> Resource:
        """Writes the converted encoder into the model, its last layers adapted to the intents."""
        configured = self._config["weights_dir"]
        weights = Path(configured) if configured else installed_weights()
        with self._storage.write_to(self._resource) as folder:
            convert_once(weights, folder, training_cache())
            self._adapt(training_data, weights, folder)
            self._encoder = Encoder(folder, self._config["max_tokens"], self._config["threads"])
        return self._resource

    def _adapt(self, training_data: TrainingData, weights_dir: Path, folder: Path) -> None:
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        labels = [label_of(example) for example in examples]
        intents = len(set(labels))
        shown = presentations(len(examples), intents, self._config["presentations"])
        if shown == 0 or intents == 1:
            return
        from bot.nlu.adaptation import Adapter, Schedule

        encoder = Encoder(folder, self._config["max_tokens"])
        states = self._states(encoder, examples)
        texts = [normalise(example.get(TEXT)) for example in examples]
        vectors = self._as_published(encoder, texts, states)
        weights = official_weights(weights_dir)
        adapter = Adapter(weights)
        known, _ = calibration_sample(labels)
        for name, chosen, share, middle in (
            (UPPER_FILE, np.arange(len(labels)), 1.0, self._middle),
            (BLIND_FILE, known, BLIND_SHARE, 0.0),
        ):
            logger.info("Adapting to %d examples: %s", len(chosen), name)
            schedule = Schedule(
                int(shown * share), self._config["learning_rate"], seed=self._config["seed"]
            )
            adapted = adapter.adapt(
                [states[i][1:] for i in chosen],
                vectors[chosen],
                [labels[i] for i in chosen],
                schedule,
            )
            write_upper(adapted, folder / name, middle)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encodes every training example, by both copies when there are two."""
        if self._encoder is None:
            return training_data
        written = [e for e in training_data.training_examples if e.get(TEXT)]
        states = self._states(self._encoder, written)
        vectors = self._encoder.pool(states)
        self._set_features(written, vectors)
        self._set_blind_vectors(written, states, vectors)
        return training_data

    def _as_published(
        self, encoder: Encoder, texts: Sequence[str], states: Sequence[Vectors]
    ) -> Vectors:
        """Vectors by an encoder whose layers are still as published, from disk where known."""
        states_of = dict(zip(texts, states, strict=True))

        def pool(missing: list[str]) -> list[Vectors]:
            return list(encoder.pool([states_of[text] for text in missing])[:, None, :])

        known = known_states("published-topics", self._config["max_tokens"])
        return np.concatenate(known.states(texts, pool))

    def _states(self, encoder: Encoder, examples: list[Message]) -> list[Vectors]:
        """Each example's states; they depend on the text alone, whatever is adapted above."""
        return self._known.states([normalise(e.get(TEXT)) for e in examples], encoder.states)

    def _set_blind_vectors(
        self, examples: list[Message], states: list[Vectors], vectors: Vectors
    ) -> None:
        """By the second copy, read here alone: serving has no use for it."""
        labelled = [
            index
            for index, example in enumerate(examples)
            if example.get(INTENT) and not example.is_core_or_domain_message()
        ]
        sample = calibration_sample([label_of(examples[index]) for index in labelled])
        chosen = [labelled[index] for index in np.concatenate(sample)]
        with self._storage.read_from(self._resource) as folder:
            if not (folder / BLIND_FILE).is_file():
                return
            blind = Pooling(folder / BLIND_FILE).pool([states[index] for index in chosen])
        if self._middle > 0:
            blind = with_middle(blind, vectors[chosen], self._middle)
        for index, vector in zip(chosen, blind, strict=True):
            # As bytes: Rasa fingerprints an example by the text of all it holds, and the text
            # of an array takes milliseconds to write.
            examples[index].set(BLIND_VECTOR, vector.tobytes())

    def process(self, messages: list[Message]) -> list[Message]:
        """Encodes messages, sets the sentence feature of each and keeps its parts' states."""
        written = [message for message in messages if message.get(TEXT)]
        if self._encoder is not None and written:
            texts = [normalise(as_meant(message)) for message in written]
            states = self._encoder.states(texts)
            self._set_features(written, self._encoder.pool(states))
            for message, text, own in zip(written, texts, states, strict=True):
                later = later_parts(text)
                parts = zip((text, *later), (own, *self._encoder.states(later)), strict=True)
                message.set(PARTS, tuple(parts))
        return messages

    def _set_features(self, messages: list[Message], vectors: Vectors) -> None:
        for message, vector in zip(messages, vectors, strict=True):
            message.add_features(
                Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )


def later_parts(text: str) -> list[str]:
    """What is cut off a long message, in parts that overlap; none of a short one."""
    words = text.split()
    return [
        " ".join(words[at : at + PART]) for at in range(STRIDE, len(words) - PART + STRIDE, STRIDE)
    ]


def presentations(examples: int, intents: int, each: int) -> int:
    """How many examples are shown while the last layers are adapted, repeats counted.

    Args:
        examples: How many there are.
        intents: How many intents they have.
        each: As configured: for each intent, while its examples are few.
    """
    few = min(1.0, PLENTY * intents / max(1, examples))
    return min(int(each * intents * few), MAX_EPOCHS * examples)
