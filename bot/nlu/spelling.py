"""Puts misspelled words right before a message is understood, by likelihood.

A word is repaired when nobody would know it: it stands neither in the examples nor in a large list
of English words. What was meant is the likeliest word one slip away, or two for the examples' words
(Kernighan, Church & Gale, "A Spelling Correction Program Based on a Noisy Channel Model", 1990).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

# Rarer words are known, so that they are left alone, but nobody is taken to have meant them.
COMMON = 30_000
# Of three letters nearly every combination is a word's neighbour.
SHORTEST, LONGEST = 4, 24
# Two slips in a shorter word leave too little of it.
SHORTEST_FOR_TWO = 6
# How much less likely a second slip makes a word.
SECOND_SLIP = 0.02
# The likeliest word must be so many times as likely as the next, or the word stays as it is.
CLEAR = 3.0
# Of more unknown words than this share the message is no English, or no text.
UNKNOWN_SHARE = 0.5
_CACHED = 4096

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
# An address, a number of an order or a name with a dot is no word.
_TOKEN = re.compile(r"(?<![\w@./'-])[a-z]+(?:'[a-z]+)*(?![\w@/'-]|\.\w)")
# French, such as "c'est", which is one slip away from "chest".
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)'\w")


@dataclass(frozen=True)
class Vocabulary:
    """What words there are.

    Attributes:
        meant: Words that may have been meant, with their likelihood.
        own: Those of them that the examples use.
        known: Words that are spelled rightly though nobody is taken to have meant them.
    """

    meant: Mapping[str, float]
    own: frozenset[str]
    known: frozenset[str]


def learn(texts: Iterable[str], english: Mapping[str, int]) -> Vocabulary:
    """The vocabulary of examples and of English; each has half the say in how likely a word is.

    Args:
        texts: The examples, normalised.
        english: How often each English word is seen.
    """
    counts = Counter(word for text in texts for word in _WORD.findall(text))
    common = dict(sorted(english.items(), key=lambda item: -item[1])[:COMMON])
    all_common, all_own = sum(common.values()), sum(counts.values())
    meant = {word: seen / all_common / 2 for word, seen in common.items()}
    for word, seen in counts.items():
        meant[word] = meant.get(word, 0.0) + seen / all_own / 2
    return Vocabulary(meant, frozenset(counts), frozenset(english).difference(meant))


class Speller:
    """Repairs texts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Sorts the words by their first letter: few slips change that."""
        self._vocabulary = vocabulary
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in vocabulary.meant:
            if SHORTEST - 1 <= len(word) <= LONGEST + 1:
                self._by_letter[word[0]].append(word)
        self._meant = lru_cache(_CACHED)(self._likeliest)

    def repair(self, text: str) -> str:
        """The text with its misspelled words put right.

        Args:
            text: Normalised, in lower case.
        """
        words = _WORD.findall(text)
        unknown = sum(self._is_unknown(word) for word in words)
        if unknown == 0 or unknown > max(1, UNKNOWN_SHARE * len(words)):
            return text
        return _TOKEN.sub(lambda match: self._meant(match.group()), text)

    def _is_unknown(self, word: str) -> bool:
        return (
            SHORTEST <= len(word) <= LONGEST
            and word not in self._vocabulary.meant
            and word not in self._vocabulary.known
            and not _ELIDED.match(word)
        )

    def _likeliest(self, word: str) -> str:
        if not self._is_unknown(word):
            return word
        slips = 2 if len(word) >= SHORTEST_FOR_TWO else 1
        near = extract(
            word,
            self._by_letter[word[0]],
            scorer=OSA.distance,
            processor=None,
            score_cutoff=slips,
            limit=None,
        )
        weighed = [(self._weight(other, int(distance)), other) for other, distance, _ in near]
        # The word itself stands for "nothing was meant", with no weight.
        best, second = sorted([*weighed, (0.0, word), (0.0, word)], reverse=True)[:2]
        return best[1] if best[0] >= CLEAR * second[0] else word

    def _weight(self, word: str, slips: int) -> float:
        if slips == 1:
            return self._vocabulary.meant[word]
        return SECOND_SLIP * self._vocabulary.meant[word] if word in self._vocabulary.own else 0.0
