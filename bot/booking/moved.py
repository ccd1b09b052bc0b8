"""In a wish to move a visit: the days that tell which visit it is, and those it should be on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.booking.preferred import says_any_time
from bot.booking.wished import weekdays_in
from bot.reading import DATE, DAY_PART, WHEN, Entity, Read
from bot.reading.days import bounds

_VISIT = r"(?:appointments?|appts?|apts?|visits?|bookings?|sessions?|reservations?|requests?|ones?)"
_BEFORE_VISIT = re.compile(rf"^(?:['\u2019]?s)?\s+(?:\w+\s+)?{_VISIT}\b", re.IGNORECASE)
_AFTER_VISIT = re.compile(rf"\b{_VISIT}\s+(?:on|of|from)\s+(?:the\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:move|moving|re-?schedule|change|switch|postpone|cancel)\s+(?:(?:my|the)\s+)?$",
    re.IGNORECASE,
)
_SOME_OTHER = re.compile(r"\b(?:later|sooner)\b", re.IGNORECASE)
_TO = re.compile(r"\b(?:to|until|till|for|instead)\b", re.IGNORECASE)
_JOINT = re.compile(r"\s+(?:to|until|till)\s+", re.IGNORECASE)
_QUESTION = re.compile(r"^\W*(?:hi\W+|hello\W+)?(?:can|could|may|how|is|am|do|would)\b", re.I)


@dataclass(frozen=True)
class Moved:
    """A wish to move a visit.

    Attributes:
        source: What tells which visit.
        target: When it should be instead; empty when the message does not say.
        is_question: Whether it only asks if that can be done.
    """

    source: tuple[Entity, ...]
    target: Read
    is_question: bool

    @property
    def is_bare(self) -> bool:
        """Whether no other time is named."""
        said = says_any_time(self.target.text) or _SOME_OTHER.search(self.target.text)
        return not self.target.of(*WHEN) and not said


def read_move(found: Read) -> Moved:
    """Takes a message apart.

    Args:
        found: "Can we move my friday visit to monday?", and what was read in it.
    """
    found = _without_ranges(found)
    source = tuple(entity for entity in found.of(*WHEN) if _tells_which(entity, found.text))
    last = max((entity.end for entity in source), default=0)
    return Moved(source, found.part(last).stripped(), _QUESTION.search(found.text) is not None)


def dates_of(entities: Iterable[Entity]) -> set[date]:
    """The certain days among entities."""
    ends = [bounds(e.value) for e in entities if e.kind == DATE and not e.is_excluded]
    return {first for first, last in ends if first is not None and first == last}


def weekdays_of(entities: Iterable[Entity]) -> frozenset[str]:
    """The days of the week that entities name, as "mon" to "sun"."""
    return frozenset(day for entity in entities for day in weekdays_in(entity.text))


def _without_ranges(found: Read) -> Read:
    """The "friday to monday" that a visit is moved along is two days and no period."""
    entities = [half for entity in found.entities for half in _halves(entity, found.text)]
    return Read(found.text, tuple(entities))


def _halves(entity: Entity, text: str) -> Iterator[Entity]:
    joint = _JOINT.search(entity.text) if entity.kind in {DATE, DAY_PART} else None
    cue = text[: entity.start]
    if joint is None or not any(p.search(cue) for p in (_FROM, _MOVED, _AFTER_VISIT)):
        yield entity
        return
    days = bounds(entity.value) if entity.kind == DATE else (None, None)
    begins, middle = entity.start + joint.start(), entity.start + joint.end()
    for start, end, day in ((entity.start, begins, days[0]), (middle, entity.end, days[1])):
        yield Entity(DATE, start, end, text[start:end], day.isoformat() if day else None)


def _tells_which(entity: Entity, text: str) -> bool:
    before, after = text[: entity.start], text[entity.end :]
    goes_on = _TO.search(after) is not None
    return bool(
        _BEFORE_VISIT.match(after)
        or _AFTER_VISIT.search(before)
        or (_FROM.search(before) and goes_on)
        or (_MOVED.search(before) and (goes_on or not after.strip(" .?!")))
    )
