"""spaCy's English vocabulary, which also knows the words of days and times."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

import spacy
from spacy.attrs import NORM
from spacy.tokenizer import Tokenizer

from bot.reading.words import NUMBERS, SETS, canonical, is_plural_day, words

DAYS_OF_MONTH = 99
HOURS = 24
MOST_WORDS = 20_000
MINUTES = 60
_SURROGATE = re.compile("[\ud800-\udfff]")
Test = Callable[[str], bool]


def encodable(text: str) -> str:
    """The text with a mark in place of each half of a surrogate pair, which spaCy cannot take."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


class English:
    """spaCy's English vocabulary with flags for the words of days and times.

    Attributes:
        vocab: Shared with everything that uses spaCy's rules.
        flags: The lexeme flag of each class of words in ``SETS``, and of the numbers.
        hint: The flag of words with which a day or a time could begin to be meant.
    """

    def __init__(self) -> None:
        self.language = spacy.blank("en")
        self.vocab = self.language.vocab
        self.vocab.lex_attr_getters[NORM] = canonical
        for lexeme in self.vocab:
            lexeme.norm_ = canonical(lexeme.orth_)
        tests = {name: _is_in(words(listed)) for name, listed in SETS.items()} | _TESTS
        self.flags = {name: self.vocab.add_flag(test) for name, test in tests.items()}
        hints = [test for name, test in tests.items() if name not in _COMMON]
        self.hint = self.vocab.add_flag(lambda word: any(test(word) for test in hints))
        self._tokenizer = _tokenizer(self.vocab)

    def tokens(self, text: str) -> Any:
        """The text as a ``Doc``: numbers, letters and marks are tokens of their own."""
        return self._tokenizer(text)

    def scope(self) -> AbstractContextManager[Any]:
        """Where a text is taken apart; nothing of spaCy's may leave it.

        Words beyond the first ``MOST_WORDS`` are forgotten afterwards: patients, and whoever else
        writes, would fill the memory with new ones.
        """
        return nullcontext() if len(self.vocab) < MOST_WORDS else self.language.memory_zone()


def _is_in(known: frozenset[str]) -> Test:
    return lambda word: canonical(word) in known


def _is_number(low: int, high: int, fewest: int, most: int) -> Test:
    return lambda s: s.isdecimal() and fewest <= len(s) <= most and low <= int(s) <= high


_TESTS: dict[str, Test] = {
    "PLURAL": is_plural_day,
    "DIGITS": _is_number(1, DAYS_OF_MONTH, 1, 2),
    "HOUR": _is_number(0, HOURS, 1, 2),
    "MINUTE": _is_number(0, MINUTES - 1, 2, 2),
    "YEAR": _is_number(1900, 2099, 4, 4),
}
_TESTS["HHMM"] = lambda s: (
    len(s) in {3, 4}
    and s.isdecimal()
    and 1 <= int(s[:-2]) <= HOURS // 2
    and _TESTS["MINUTE"](s[-2:])
)
_TESTS["TOD"] = lambda s: _TESTS["HOUR"](s) or canonical(s) in {*NUMBERS, "noon"}
# Too frequent, and meaningless without another class beside them.
_COMMON = {"NEGATOR", "WHICH", "SUFFIX", "YEAR", "ORDWORD", "EDGE"}


def _tokenizer(vocab: Any) -> Tokenizer:
    mark = r"[^\w\s'\u2019]"
    infix = re.compile(
        rf"(?:(?<!\b\w)|(?<=\d)|(?=[^.])){mark}+|(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)"
    )
    return Tokenizer(
        vocab,
        prefix_search=re.compile(rf"^(?:{mark}|['\u2019])").search,
        suffix_search=re.compile(rf"(?:{mark}|['\u2019]s?)$").search,
        infix_finditer=infix.finditer,
    )


@lru_cache(maxsize=1)
def english() -> English:
    """The one vocabulary of the process."""
    return English()
