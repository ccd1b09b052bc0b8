"""Splits a message into tokens with spaCy's English rules, without a statistical model."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.reading.english import encodable, english

ENGLISH = "en"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyRuleTokenizer(Tokenizer):
    """Knows contractions, emoticons, amounts and phone numbers; costs about 0.05 ms a message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's default config (see parent class for full docstring)."""
        return {
            # Never split an intent name: `faq/does_it_hurt` is one label.
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "language": "en",
            # Off saves a twentieth of the training time, where no component learns from tokens.
            "training_tokens": True,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._training_tokens = bool(config["training_tokens"])
        # One vocabulary for this component and the entities' reader.
        language = config["language"]
        shared = english().language if language == ENGLISH else spacy.blank(language)
        self._tokenize = shared.tokenizer
        self._scope = english().scope if language == ENGLISH else nullcontext

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyRuleTokenizer:
        """Creates a new component (see parent class for full docstring)."""
        return cls(config)

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs at run time."""
        return ["spacy"]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Tokenizes training messages, unless the config says that nothing reads their tokens."""
        if not self._training_tokens:
            return training_data
        tokenized: TrainingData = super().process_training_data(training_data)
        return tokenized

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of one attribute of the message; white space makes none."""
        with self._scope():
            doc = self._tokenize(encodable(message.get(attribute)))
            tokens = [Token(t.text, t.idx) for t in doc if not t.is_space]
        return list(self._apply_token_pattern(tokens))
