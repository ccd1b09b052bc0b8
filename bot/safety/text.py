"""From raw text to words: folded to plain lower case, each word knowing where it stood."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

# "78yo" and "20lbs" are two words each.
_WORD = re.compile(
    r"\d+(?=(?:yo|yrs?|years?|y|lbs?|kgs?|ft|hrs?|mins?)\b)"
    r"|w/o\b|w/|[a-z0-9](?:[a-z0-9'*@$!]*[a-z0-9*@$])?"
)
_SENTENCE_END = re.compile(r"[?!;\n\r\u2028\u2029]|(?<!\.)\.(?!\.)")
_PAUSE = re.compile(r"[^\s\-'.\"]|\.\.|\s-|-\s|--")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
# One for one: apostrophes, quotes, spaces, and Cyrillic and Greek letters that look Latin.
_SAME = str.maketrans(
    "\u2019\u2018\u02bc\u2032\u00b4`" + "\u201c\u201d\u00a0" + "аеорсхуікмтв" + "ανορι",
    "''''''" + '"" ' + "aeopcxyikmtb" + "avopi",
)
# "j'ai", "n'arrive", "qu'il": the word before the apostrophe is one of its own in French.
_ELISION = re.compile(r"\b(j|n|d|l|qu|c|s|m|t|jusqu|lorsqu|puisqu)'(?=[a-z])")
_LIGATURES = {"œ": "oe", "æ": "ae"}
_SPELT = 4
_SPREAD = 3


class Break(IntEnum):
    """What stands between a word and the one before it."""

    NONE = 0
    AND = 1
    PAUSE = 2
    BUT = 3
    SENTENCE = 4


_NONE = Break.NONE


class Token(NamedTuple):
    """One word.

    Attributes:
        word: Folded, with no apostrophes.
        start: Index of its first character in the raw text.
        end: Index just past its last character in the raw text.
        lead: What separates it from the word before.
        asked: Whether a question mark stands between it and the next word.
    """

    word: str
    start: int
    end: int
    lead: Break
    asked: bool = False


def fold(text: str) -> tuple[str, Sequence[int]]:
    """Plain lower-case ASCII as far as possible.

    Returns:
        The folded text and, for each of its characters and one past the end, the index in ``text``.
    """
    if not text.isascii() or "`" in text:
        text = text.translate(_SAME)
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    pieces: list[str] = []
    places = array("l")
    last = 0
    for match in _FOREIGN.finditer(text):
        place = match.start()
        piece = _fold_char(match.group())
        pieces += text[last:place].lower(), piece
        places.extend(range(last, place))
        places.extend([place] * len(piece))
        last = place + 1
    pieces.append(text[last:].lower())
    places.extend(range(last, len(text) + 1))
    return "".join(pieces), places


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char.lower()).lower()
    # Mn: accents. Cf: zero-width and direction marks.
    kept = (part for part in parts if unicodedata.category(part) not in {"Mn", "Cf", "Me"})
    plain = "".join(kept).translate(_SAME)
    return _LIGATURES.get(plain, plain)


def tokenise(text: str, leads: Mapping[str, Break], elides: bool = False) -> list[Token]:
    """The words of a raw text, in order.

    Args:
        text: As the patient wrote it.
        leads: Words that part what follows from what stands before, such as "but".
        elides: Whether a short word loses its vowel before an apostrophe, as in French.
    """
    folded, places = fold(text)
    if elides:
        folded = _ELISION.sub(r"\1 ", folded)
    tokens: list[Token] = []
    last = 0
    for match in _WORD.finditer(folded):
        start, end = match.span()
        word = match.group().replace("'", "")
        # Nearly every gap is one space; only the others are looked at closely.
        lead = leads.get(word, _NONE)
        if start - last != 1 or folded[last] != " ":
            gap = folded[last:start]
            if not (gap == "." and word[0].isdigit() and folded[last - 1].isdigit()):
                lead = _break(gap) or lead
            if "?" in gap and tokens:
                tokens[-1] = tokens[-1]._replace(asked=True)
        tokens.append(Token(word, places[start], places[end - 1] + 1, lead))
        last = end
    if tokens and "?" in folded[last:]:
        tokens[-1] = tokens[-1]._replace(asked=True)
    return _join_spelt_out(tokens)


@lru_cache(maxsize=1024)
def _break(gap: str) -> Break:
    if _SENTENCE_END.search(gap):
        return Break.SENTENCE
    return Break.PAUSE if _PAUSE.search(gap) else Break.NONE


def _join_spelt_out(tokens: list[Token]) -> list[Token]:
    """Joins "c h e s t" and "k.i.l.l" (four letters or more) into one word."""
    if [len(token.word) for token in tokens].count(1) < _SPELT:
        return tokens
    joined: list[Token] = []
    run: list[Token] = []
    for token in tokens:
        single = len(token.word) == 1
        if run and not (single and token.start - run[-1].end <= _SPREAD):
            joined += _spelt(run)
            run = []
        if single:
            run.append(token)
        else:
            joined.append(token)
    return joined + _spelt(run)


def _spelt(run: list[Token]) -> list[Token]:
    if len(run) < _SPELT:
        return run
    word = "".join(token.word for token in run)
    return [Token(word, run[0].start, run[-1].end, run[0].lead, run[-1].asked)]
