"""Sets beside each message the words it was meant to have; what patients wrote stays as it is."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import SettingError
from bot.nlu.spelling import Speller, Vocabulary, learn
from bot.nlu.text import normalise
from bot.nlu.trained import Trained

REPAIRED = "repaired"
WORDS_FILE = "words.json"
# One word and how often it is seen in a line, separated by a space.
ENGLISH_FILE = "frequency_dictionary_en_82_765.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SpellingRepair(Trained[Speller]):
    """Stands before whatever reads words; entities are still found in what was written.

    The examples are left alone: their words are the vocabulary. Rasa knows it as a classifier, and
    so does not have it pass every example on while training.
    """

    @classmethod
    def read(cls, folder: Path) -> Speller:
        """Reads the words."""
        words = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
        return Speller(
            Vocabulary(words["meant"], frozenset(words["own"]), frozenset(words["known"]))
        )

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs at run time."""
        return ["rapidfuzz"]

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the words of the examples beside those of English."""
        texts = [normalise(e.get(TEXT)) for e in training_data.training_examples if e.get(TEXT)]
        vocabulary = learn(texts, english_words())
        words = {
            "meant": {word: float(f"{share:.3g}") for word, share in vocabulary.meant.items()},
            "own": sorted(vocabulary.own),
            "known": sorted(vocabulary.known),
        }
        with self._storage.write_to(self._resource) as folder:
            (folder / WORDS_FILE).write_text(json.dumps(words), encoding="utf-8")
        self._part = Speller(vocabulary)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``repaired`` where a message has a misspelled word."""
        for message in messages:
            text = normalise(message.get(TEXT) or "")
            repaired = text if self._part is None else self._part.repair(text)
            if repaired != text:
                message.set(REPAIRED, repaired)
        return messages


def as_meant(message: Message) -> str:
    """A message's text with its misspelled words put right, where any was found."""
    return str(message.get(REPAIRED) or message.get(TEXT))


def english_words() -> dict[str, int]:
    """English words and how often each is seen in books, from the installed package.

    Raises:
        SettingError: when the package is not installed.
    """
    spec = find_spec("symspellpy")
    if spec is None or not spec.submodule_search_locations:
        raise SettingError(
            "The package symspellpy with its list of English words is not installed.",
            remedy="Install the `train` dependency group (`uv sync --group train`).",
        )
    file = Path(next(iter(spec.submodule_search_locations))) / ENGLISH_FILE
    lines = (line.split(" ") for line in file.read_text(encoding="utf-8-sig").splitlines())
    return {word: int(seen) for word, seen in lines}
