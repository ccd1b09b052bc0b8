"""What days and times look like, as patterns of spaCy's Matcher.

A word of a pattern in capitals is a class of ``bot.reading.words``; one in small letters is itself,
``a|b`` is either, and ``?`` makes it optional. The longest match wins, and of two as long a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from spacy.matcher import Matcher

from bot.reading.english import English
from bot.reading.words import words

_HOUR = "TOD :|.|h? MINUTE? AMPM?"
_DAY = "DIGITS SUFFIX?"
_SPAN = "-|to|until|through"

PATTERNS: dict[str, tuple[str, ...]] = {
    "date": (
        f"WHICH? WEEKDAY ,? the? MONTH .? {_DAY} ,? YEAR?",
        f"WHICH? WEEKDAY ,? the? {_DAY} of? MONTH .? ,? YEAR?",
        "WHICH? WEEKDAY ,? the? MONTH ORDWORD",
        f"MONTH .? the? {_DAY} ,? YEAR?",
        f"the? {_DAY} of? MONTH .? ,? YEAR?",
        "MONTH the? ORDWORD",
        "the ORDWORD of MONTH",
    ),
    "dated": ("WHICH? WEEKDAY ,? the? DIGITS SUFFIX",),
    "iso": ("YEAR - DIGITS - DIGITS",),
    "slashed": ("DIGITS / DIGITS", "DIGITS / DIGITS / YEAR", "DIGITS / DIGITS / MINUTE"),
    "ordinal": ("the? DIGITS SUFFIX",),
    "days": (
        f"MONTH .? {_DAY} {_SPAN} {_DAY}",
        f"the? {_DAY} {_SPAN} {_DAY} of? MONTH",
    ),
    # "Dec 3 or 4", "dec 3, 4 or 5": the days of one month.
    "listed": (
        f"MONTH .? the? {_DAY} or|and|/|& the? {_DAY}",
        f"MONTH .? the? {_DAY} , the? {_DAY} ,? or|and the? {_DAY}",
    ),
    "weekday": ("WHICH? WEEKDAY .?",),
    "weekly": ("every|each|any WEEKDAY", "PLURAL", "WEEKDAY 's|\u2019s"),
    "near": ("last night", "NEAR", "the? day after tomorrow", "the? day before yesterday"),
    "ahead": (
        "in|within a|an|NUMWORD|DIGITS UNIT",
        "in a? couple of? UNIT",
        "a|an|NUMWORD|DIGITS UNIT from now|today|tomorrow|WEEKDAY",
        "a? couple of? UNIT from now|today|tomorrow",
    ),
    "ago": ("a|an|NUMWORD|DIGITS|couple|few UNIT|year ago",),
    "period": (
        "EDGE? in? of? the? this|next|coming|last|following PERIOD|year",
        "EDGE of? the? PERIOD",
        "rest of the PERIOD",
        "the? week after next",
    ),
    "week_of": (
        "the? week of the? MONTH DIGITS SUFFIX?",
        "the? week of the? DIGITS SUFFIX? MONTH?",
    ),
    "nth_week": ("the? DIGITS SUFFIX week of? MONTH", "the? ORDWORD|last week of? MONTH"),
    "month": (
        "in|during|sometime|for|EDGE in? of? MONTH YEAR?",
        "this|next|last|coming MONTH",
        "MONTH YEAR?",
    ),
    "holiday": (
        *("christmas day?", "christmas eve", "boxing day", "good friday", "easter monday|sunday?"),
        *(
            "new year day|eve",
            "new year 's|\u2019s day|eve",
            "new year 's|\u2019s",
            "thanksgiving day?",
        ),
        *("victoria day", "canada day", "labour day", "remembrance day", "heritage day"),
        *("family day", "civic holiday", "truth and reconciliation day?", "louis riel day"),
        *(
            "islander day",
            "natal day",
            "nunavut day",
            "discovery day",
            "saint|st jean baptiste? day?",
        ),
        "civic day",
    ),
    "clock": (
        *("TOD AMPM", "HHMM AMPM", "HOUR :|h MINUTE AMPM?", "HOUR . MINUTE AMPM", "NOON"),
        *("TOD -? ish", "TOD o'clock|oclock AMPM?", "NUMWORD thirty|fifteen AMPM?"),
        *("half -? past TOD AMPM?", "quarter past|to TOD AMPM?"),
    ),
    "at": tuple(
        f"at|@|after|before|by|until|from|past|since|around|than around? {part}"
        for part in (_HOUR, "HHMM AMPM?")
    ),
    "hours": (f"between|from? {_HOUR} {_SPAN}|and {_HOUR}",),
    "part": (
        "EDGE? in? the? PART",
        "EDGE PART",
        "first thing",
        "first thing in the? morning",
        "after|before -? BUSY",
        "in the AMPM",
        "lunch",
        "lunch time",
        "AMPM",
    ),
    "weekpart": ("WEEKPART", "week day", "week end", "any WEEKPART"),
}
DATES = words("""
    date dated iso slashed ordinal days listed weekday weekly near ahead ago period week_of nth_week
    month holiday
""")


class Match(NamedTuple):
    """A pattern found, in tokens."""

    rule: str
    start: int
    end: int


class Seen(NamedTuple):
    """A text taken apart.

    Attributes:
        matches: Those that do not overlap, in the order of the text.
        words: Its tokens in canonical form.
        negates: Which of them deny what follows.
        places: Where they begin and end.
    """

    matches: tuple[Match, ...]
    words: list[str]
    negates: list[bool]
    places: list[tuple[int, int]]


class Patterns:
    """Finds days and times in a ``Doc``."""

    def __init__(self, english: English) -> None:
        self._english = english
        # Flags are not in the schema that spaCy checks patterns by.
        self._matcher = Matcher(english.vocab, validate=False)
        for rule, patterns in PATTERNS.items():
            compiled = [tokens for pattern in patterns for tokens in self._compiled(pattern)]
            self._matcher.add(rule, compiled)

    def find(self, text: str) -> Seen | None:
        """Takes a text apart; None when there is no day and no time in it."""
        english = self._english
        with english.scope():
            doc = english.tokens(text)
            if not any(token.check_flag(english.hint) for token in doc):
                return None
            found = [
                Match(english.vocab.strings[key], start, end)
                for key, start, end in self._matcher(doc)
            ]
            if not found:
                return None
            return Seen(
                tuple(_longest(found)),
                [token.norm_ for token in doc],
                [token.check_flag(english.flags["NEGATOR"]) for token in doc],
                [(token.idx, token.idx + len(token)) for token in doc],
            )

    def _compiled(self, pattern: str) -> Iterator[list[dict[Any, Any]]]:
        """The pattern, once for each choice among classes in an ``A|B``."""
        parts: list[list[dict[Any, Any]]] = [[]]
        for word in pattern.split():
            optional = {"OP": "?"} if word.endswith("?") else {}
            specs = [{**spec, **optional} for spec in self._specs(word.removesuffix("?"))]
            parts = [[*part, spec] for part in parts for spec in specs]
        yield from parts

    def _specs(self, word: str) -> Iterator[dict[Any, Any]]:
        names = word.split("|")
        literal = [name for name in names if name not in self._english.flags]
        if literal:
            yield {"NORM": literal[0]} if len(literal) == 1 else {"NORM": {"IN": literal}}
        yield from ({self._english.flags[n]: True} for n in names if n in self._english.flags)


def _rank(rule: str) -> int:
    """In "come in nov 20" the 20th counts, not all of the month."""
    return 2 if rule not in DATES else int(rule == "month")


def _longest(found: list[Match]) -> Iterator[Match]:
    taken: set[int] = set()
    kept = []
    for match in sorted(found, key=lambda m: (m.start - m.end, _rank(m.rule), m.start)):
        places = set(range(match.start, match.end))
        if not places & taken:
            taken |= places
            kept.append(match)
    yield from sorted(kept, key=lambda m: m.start)
