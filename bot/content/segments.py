"""How a phone network counts a text message, and how a long one is cut where a sentence ends.

Source: 3GPP TS 23.038 (alphabets) and TS 23.040 (the header of concatenated messages): 160
characters of the 7-bit alphabet or 70 of UCS-2 in one part, 153 or 67 in each of several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.content.gsm7 import EXTENDED, gsm7_length, outside_gsm7

Encoding = Literal["GSM-7", "UCS-2"]
SINGLE: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
CONCATENATED: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}
# The last character that one unit of UCS-2 can hold; others take a surrogate pair.
LAST_OF_ONE_UNIT = 0xFFFF
_SENTENCE_END = re.compile(r"(\n+|(?<=[.!?])\s+)")

Fits = Callable[[str], bool]


@dataclass(frozen=True)
class Segments:
    """How a text is carried.

    Attributes:
        encoding: UCS-2 as soon as one character is not in the 7-bit alphabet.
        units: Septets, or 16-bit units.
        parts: How many messages the network carries, and the clinic pays for.
    """

    encoding: Encoding
    units: int
    parts: int


def segments(text: str) -> Segments:
    """Counts a text as the network does; no character is torn between two parts."""
    encoding: Encoding = "UCS-2" if outside_gsm7(text) else "GSM-7"
    units = text_length(text)
    if units <= SINGLE[encoding]:
        return Segments(encoding, units, 1)
    return Segments(encoding, units, _packed(text, encoding))


def text_length(text: str) -> int:
    """Length in the units of the alphabet that the text needs."""
    if outside_gsm7(text):
        return len(text) + sum(ord(character) > LAST_OF_ONE_UNIT for character in text)
    return gsm7_length(text)


def split_text(text: str, fits: Fits) -> list[str]:
    """A text as messages that each fit: cut where a sentence ends, else between words.

    Args:
        text: Any text.
        fits: Whether a message may be sent as it is; true of every single character.

    Returns:
        At least one message; nothing but white space is left out between them.
    """
    if fits(text):
        return [text]
    pieces = _SENTENCE_END.split(text)
    parts = _joined(zip(["", *pieces[1::2]], pieces[::2], strict=True), fits, _words)
    return [part for part in parts if part.strip()] or [""]


def _words(sentence: str, fits: Fits) -> Iterator[str]:
    pieces = re.split(r"(\s+)", sentence)
    yield from _joined(zip(["", *pieces[1::2]], pieces[::2], strict=True), fits, _characters)


def _characters(word: str, fits: Fits) -> Iterator[str]:
    yield from _joined((("", character) for character in word), fits, None)


def _joined(
    pieces: Iterator[tuple[str, str]] | zip[tuple[str, str]],
    fits: Fits,
    smaller: Callable[[str, Fits], Iterator[str]] | None,
) -> Iterator[str]:
    """Puts pieces together, each with what stands before it, as long as they fit."""
    current = ""
    for space, piece in pieces:
        if current and fits(current + space + piece):
            current += space + piece
            continue
        if current:
            yield current
        if smaller is None or fits(piece):
            current = piece
            continue
        # Nothing but white space has no parts.
        *whole, current = [*smaller(piece, fits)] or [""]
        yield from whole
    if current:
        yield current


def _packed(text: str, encoding: Encoding) -> int:
    room, parts, used = CONCATENATED[encoding], 1, 0
    for character in text:
        size = _size(character, encoding)
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts


def _size(character: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if character in EXTENDED else 1
    return 2 if ord(character) > LAST_OF_ONE_UNIT else 1
