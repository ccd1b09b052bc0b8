"""Makes spellings that mean the same look the same, before any feature is taken."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 2_000

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-"})
# Halves of characters are no text at all; the encoder's tokenizer refuses them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
# Direction marks, joiners, fillers, variation selectors and tags: seen by nobody, and often left
# in the middle of a word by what a text was copied from.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
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
    seen = _INVISIBLE.sub("", text)[:MAX_CHARACTERS]
    folded = unicodedata.normalize("NFKC", seen).translate(_QUOTES)
    folded = _SPACE.sub(" ", _CONTROL.sub(" ", folded)).strip().lower()
    folded = _REPEATED.sub(r"\1\1", folded)
    return " ".join(_SHORTHAND.get(word, word) for word in folded.split(" "))


def has_words(text: str) -> bool:
    """Whether there is at least one letter or digit in any script."""
    return any(character.isalnum() for character in _INVISIBLE.sub("", text))


def storable(text: str) -> str:
    """The text with halves of characters replaced, which no database and no line can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
