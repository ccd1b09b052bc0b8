"""What reading one field of a booking gives: the value, or why there is none."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T")


class Fault(str, Enum):
    """Why a field could not be read; the action layer words the question from it."""

    MISSING = "missing"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
    TOO_LONG = "too_long"
    UNCLEAR = "unclear"
    PAST = "past"
    CLOSED = "closed"


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """Exactly one of the two is set."""

    value: T | None = None
    fault: Fault | None = None


def cut(text: str, limit: int) -> str:
    """The text in at most ``limit`` characters, ended at a word and with an ellipsis."""
    stripped = text.strip()
    if len(stripped) <= limit:
        return stripped
    end = limit - 1
    while end > 0 and unicodedata.combining(stripped[end]):
        end -= 1
    head = stripped[:end]
    words, _, _ = head.rpartition(" ")
    # A script without spaces, or one endless word, is cut where it stands.
    kept = words if len(words) > limit // 2 else head
    return kept.rstrip() + "\N{HORIZONTAL ELLIPSIS}"
