"""Reads a word as the patient meant it: shorthand, stretched letters, typos, words run together.

Only words that are neither in the tables nor ordinary English are touched. Each rule costs a few
dictionary look-ups, so a message of gibberish is no slower than prose by more than a small factor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from bot.safety.model import SpellingFile
from bot.safety.text import Break, Token

_LEET = str.maketrans("013457@$!*", "oieastasi*")
_STRETCH = re.compile(r"(.)\1{2,}")
_TWO_WORDS = frozenset(
    [
        "do",
        "does",
        "did",
        "is",
        "was",
        "are",
        "were",
        "have",
        "has",
        "had",
        "could",
        "would",
        "should",
        "wo",
    ]
)
_SHORTEST_TYPO = 4
_SHORTEST_PART = 3
_LONG = 8
_LONGEST = 24
_CACHED = 8192


class Speller:
    """Maps words to words of the tables.

    Args:
        vocabulary: Every word of the tables' patterns.
        file: Shorthand, the words worth putting right, and ordinary words that look like them.
    """

    def __init__(self, vocabulary: Iterable[str], file: SpellingFile) -> None:
        self._shorthand = {key: tuple(value.split()) for key, value in file.shorthand.items()}
        targets = {word for words in self._shorthand.values() for word in words}
        self._known = frozenset(vocabulary) | targets
        self._ordinary = frozenset(file.ordinary)
        self._corrected = dict.fromkeys(file.corrected)
        # Single words only, so that nothing of a message can be put together again.
        self._read_word = lru_cache(maxsize=_CACHED)(self._words)
        self._one_off: dict[str, list[str]] = {}
        self._long: dict[str, list[str]] = {}
        for word in file.corrected:
            for key in _deletions(word):
                self._one_off.setdefault(key, []).append(word)
            self._long.setdefault(word[0], []).append(word)

    def read(self, tokens: list[Token]) -> list[Token]:
        """The same words, put right; a word run together becomes several tokens."""
        known, ordinary = self._known, self._ordinary
        out: list[Token] = []
        for token in tokens:
            word = token.word
            if word in ("not", "nt", "t") and out and _merged(out, token):
                continue
            if word in known or word in ordinary:
                out.append(token)
                continue
            spelt_out = token.end - token.start >= 2 * len(word) - 1 > _SHORTEST_TYPO
            words = self._segment(word) if spelt_out else self._read_word(word)
            out.append(token if words[0] == word else token._replace(word=words[0]))
            out += [token._replace(word=more, lead=Break.NONE) for more in words[1:]]
        return out

    def _words(self, word: str) -> tuple[str, ...]:
        if word in self._shorthand:
            return self._shorthand[word]
        if len(word) < _SHORTEST_TYPO or len(word) > _LONGEST or word.isdigit():
            return (word,)
        return self._plain(word) or self._split(word) or self._nearest(word) or (word,)

    def _plain(self, word: str) -> tuple[str, ...]:
        """Undoes stretched letters, digits used as letters, and a dropped g ("bleedin")."""
        forms = [word.translate(_LEET)] if not word.isalpha() else []
        if word.endswith("in"):
            forms.append(f"{word}g")
        if _STRETCH.search(word):
            forms += [_STRETCH.sub(r"\1\1", word), _STRETCH.sub(r"\1", word)]
        for form in forms:
            if form in self._known:
                return (form,)
            if form in self._shorthand:
                return self._shorthand[form]
        return ()

    def _split(self, word: str) -> tuple[str, ...]:
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            if word[:cut] in self._corrected and word[cut:] in self._corrected:
                return (word[:cut], word[cut:])
        return ()

    def _segment(self, word: str) -> tuple[str, ...]:
        """Cuts a word spelt out letter by letter into words of the tables, the longest first."""
        best: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(1, min(len(word), _LONGEST * 2) + 1):
            for start in range(max(0, end - _LONGEST), end):
                if start in best and word[start:end] in self._known:
                    best[end] = (*best[start], word[start:end])
                    break
        return best.get(len(word), (word,))

    def _nearest(self, word: str) -> tuple[str, ...]:
        """One letter off; two in a long word, whose first letter is then taken to be right."""
        near = {found for key in _deletions(word) for found in self._one_off.get(key, ())}
        limit = 1
        if len(word) >= _LONG:
            near.update(self._long.get(word[0], ()))
            limit = 2
        if not near:
            return ()
        best = extractOne(word, sorted(near), scorer=OSA.distance, score_cutoff=limit)
        return (best[0],) if best else ()


def _deletions(word: str) -> list[str]:
    """The word, and the word without each one of its letters."""
    return [word, *[word[:i] + word[i + 1 :] for i in range(len(word))]]


def _merged(out: list[Token], token: Token) -> bool:
    """Joins "do not", "can not" and "don t" to the one word "dont" that the tables use."""
    last = out[-1]
    word = last.word.removesuffix("n") if token.word == "t" else last.word
    if word in ("can", "ca"):
        joined = "cant"
    elif word in _TWO_WORDS and (token.word != "t" or last.word.endswith("n")):
        joined = f"{word}nt"
    else:
        return False
    out[-1] = last._replace(word=joined, end=token.end, asked=token.asked)
    return True
