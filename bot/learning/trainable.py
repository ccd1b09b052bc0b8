"""Makes a redacted message fit to learn from, or says that it is not. Pure functions."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

MAX_LENGTH = 300
# Marks of the redaction that a sentence can do without knowing. The names and numbers are nobody's:
# the numbers are of the block that is kept for stories.
STAND_INS: dict[str, Sequence[str]] = {
    "[name]": ("alex", "sam", "robin", "kim", "jo"),
    "[phone]": ("780-555-0142", "587-555-0117", "403-555-0163"),
    "[email]": ("someone@example.com", "me@example.org"),
    "[number]": ("1042", "2310"),
}
_MARK = re.compile(r"\[[a-z ]+\]")
# More marks than this leave too little of the sentence.
MAX_MARKS = 2
LEAST_WORDS_A_MARK = 3
# Rasa reads brackets as notes on a part of the text, and a slash in front as a topic's name.
_SYNTAX = re.compile(r"[\[\]{}]")


def trainable(text: str) -> str | None:
    """The text as a training example; None when it cannot be one.

    Args:
        text: A message with the marks of the redaction in it, such as ``[name]``.
    """
    whole = " ".join(text.split()).lstrip("/ ")
    marks = _MARK.findall(whole)
    words = len(_MARK.sub(" ", whole).split())
    if len(marks) > MAX_MARKS or words < LEAST_WORDS_A_MARK * len(marks):
        return None
    if any(mark not in STAND_INS for mark in marks):
        return None
    filled = _MARK.sub(lambda found: _stand_in(found[0], whole), whole)
    plain = " ".join(_SYNTAX.sub(" ", filled).split())
    is_fit = len(plain) <= MAX_LENGTH and plain.isprintable()
    return plain if is_fit and any(map(str.isalpha, plain)) else None


def _stand_in(mark: str, whole: str) -> str:
    """Always the same one in the same message, and not one for all messages."""
    choices = STAND_INS[mark]
    return choices[zlib.crc32(whole.encode("utf-8", "replace")) % len(choices)]
