"""Makes spellings that mean the same look the same, before any feature is taken."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 2_000

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"(\w)\1{3,}")
_SHORTHAND = {
    "u": "you",
    "ur": "your",
    "r": "are",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "appt": "appointment",
    "apt": "appointment",
    "appts": "appointments",
    "b4": "before",
    "w/": "with",
    "wk": "week",
    "wks": "weeks",
    "hrs": "hours",
    "mins": "minutes",
    "acu": "acupuncture",
    "2day": "today",
    "2moro": "tomorrow",
    "cud": "could",
    "shud": "should",
    "wud": "would",
    "wanna": "want to",
    "gonna": "going to",
    "im": "i'm",
    "dont": "don't",
    "cant": "can't",
    "doesnt": "doesn't",
    "isnt": "isn't",
    "whats": "what's",
    "hows": "how's",
    "ive": "i've",
}


def normalise(text: str) -> str:
    """Folds Unicode forms, quotes, control characters, long repeats and SMS shorthand.

    Args:
        text: What the patient wrote; anything past ``MAX_CHARACTERS`` is left out.

    Returns:
        One line of text, letters lower-cased; may be empty.
    """
    folded = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).translate(_QUOTES)
    folded = _SPACE.sub(" ", _CONTROL.sub(" ", folded)).strip().lower()
    folded = _REPEATED.sub(r"\1\1", folded)
    return " ".join(_SHORTHAND.get(word, word) for word in folded.split(" "))


def has_words(text: str) -> bool:
    """Whether there is at least one letter or digit in any script."""
    return any(character.isalnum() for character in text)
