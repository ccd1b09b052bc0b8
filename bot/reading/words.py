"""The words of days and times, known to spaCy's vocabulary as flags and canonical forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

import spacy
from rapidfuzz.distance import OSA
from spacy.attrs import NORM
from spacy.tokenizer import Tokenizer

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
NUMBERS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
DAYS_OF_MONTH = 99
HOURS = 24
MOST_WORDS = 20_000
MINUTES = 60
_SURROGATE = re.compile("[\ud800-\udfff]")
Test = Callable[[str], bool]

# Other spellings; a spelling one letter away from a long name is found without being listed.
_SPELLINGS = {
    "monday": "mon",
    "tuesday": "tue tues tuseday teusday tuesdy",
    "wednesday": "wed weds wednes wensday wendsday wednsday wensdays",
    "thursday": "thu thur thurs thusday thrusday thurday",
    "friday": "fri firday fryday fridy",
    "saturday": "sat satur saterday satuday",
    "sunday": "sun",
    "january": "jan",
    "february": "feb",
    "march": "mar",
    "april": "apr",
    "june": "jun",
    "july": "jul",
    "august": "aug",
    "september": "sep sept",
    "october": "oct",
    "november": "nov",
    "december": "dec",
    "today": "tday",
    "tonight": "tonite",
    "tomorrow": "tommorow tommorrow tomoro tomrow tmrow tmrw tmr tmrrw tmrws tomorrows moro",
    "yesterday": "yest",
    "morning": "mornings morn mornin",
    "afternoon": "afternoons aft afternoon's",
    "evening": "evenings evening's",
    "night": "nights nite",
    "weekday": "weekdays",
    "weekend": "weekends wknd wkend wkends wknds",
    "week": "weeks wk wks",
    "day": "days",
    "month": "months",
    "hour": "hours hr hrs",
    "until": "till til 'til untill",
    "through": "thru",
    "around": "about approx approximately roughly",
    "early": "earlier beginning start",
    "middle": "mid",
    "late": "later end",
    "the": "da",
    "lunch": "lunchtime",
    "dinner": "supper",
    "noon": "midday",
    "year": "years year's",
    "christmas": "xmas christmas's",
    "easter": "easter's",
    "labour": "labor",
}
_CANONICAL = {other: word for word, others in _SPELLINGS.items() for other in others.split()}
_LONG = (*WEEKDAYS[:4], "saturday", *(m for m in MONTHS if len(m) > 6), "tomorrow", "afternoon")  # noqa: PLR2004
_GUESSED = range(7, 11)

_NEGATORS = (
    "not no never except excluding unless avoid cannot can't cant isn't isnt won't wont don't dont "
    "doesn't doesnt aren't arent wouldn't wouldnt away busy but"
)
SETS: dict[str, str] = {
    "WEEKDAY": " ".join(WEEKDAYS),
    "MONTH": " ".join(MONTHS),
    "NUMWORD": " ".join(NUMBERS),
    "ORDWORD": " ".join(ORDINALS),
    "SUFFIX": "st nd rd th",
    "AMPM": "am pm a.m p.m a.m. p.m.",
    "NEAR": "today tonight tomorrow yesterday",
    "UNIT": "day week month",
    "PERIOD": "week month weekend",
    "PART": "morning afternoon evening night",
    "WHICH": "this next coming last past following every each",
    "EDGE": "early middle late",
    "NOON": "noon",
    "BUSY": "work school lunch dinner class classes",
    "NEGATOR": _NEGATORS,
    "WEEKPART": "weekday weekend daytime",
    "HOLIDAY": (
        "christmas boxing easter thanksgiving victoria canada labour remembrance reconciliation "
        "heritage family civic louis islander nunavut natal discovery jean baptiste"
    ),
    "OTHER": "yesterday thing o'clock oclock ish new good half quarter",
}


def words(listed: str) -> frozenset[str]:
    """The words of a list as one reads it."""
    return frozenset(listed.split())


def encodable(text: str) -> str:
    """The text with a mark in place of each half of a surrogate pair, which spaCy cannot take."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


@lru_cache(maxsize=8192)
def canonical(word: str) -> str:
    """The form under which a word is known: ``tmrw`` gives ``tomorrow``."""
    lower = word.lower().replace("\u2019", "'")
    known = _CANONICAL.get(lower)
    if known is None and lower.rstrip("s").isalpha() and len(lower) in _GUESSED:
        known = next((w for w in _LONG if OSA.distance(lower, w, score_cutoff=1) <= 1), None)
    if known is None and is_plural_day(lower):
        known = canonical(lower[:-1])
    return known or lower


def is_plural_day(word: str) -> bool:
    """Whether a word is a weekday in the plural: "mondays", "thurs" is not."""
    lower = word.lower()
    if not lower.endswith("s") or lower in _CANONICAL:
        return False
    return _CANONICAL.get(lower[:-1], lower[:-1]) in WEEKDAYS


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
