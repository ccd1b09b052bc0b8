"""When two messages say the same. Pure functions."""

from __future__ import annotations

import hashlib
import unicodedata

LENGTH = 32


def folded(text: str) -> str:
    """The text without case, punctuation and apostrophes; as typed when nothing else is left."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return " ".join(words) or text.strip()


def sameness(text: str, outcome: str, answer: str) -> str:
    """The same digest for messages that say the same and got the same answer.

    Args:
        text: A redacted message.
        outcome: What kind of reply it got.
        answer: The first topic answered.
    """
    whole = "\n".join((folded(text), outcome, answer))
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:LENGTH]
