"""What reading one field gives: the value, or why there is none."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    OUTSIDE = "outside"
    OVER = "over"
    NO_SUCH_DATE = "no_such_date"


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """A value or a fault.

    Attributes:
        value: What was read.
        fault: Why there is no value; exactly one of the two is set.
        told: What the patient should hear about it, by the names of a response's blanks.
    """

    value: T | None = None
    fault: Fault | None = None
    told: Mapping[str, str] = field(default_factory=dict)


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
