"""Booking details already given in a free message, so that nobody is asked for them again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.booking.complaint import find_reason, is_complaint
from bot.booking.complaint_times import without_complaint
from bot.booking.preferred import parse_preferred
from bot.reading import EMAIL, PERSON, PHONE, WHEN, Read
from bot.reading.for_whom import for_whom

LOOKED_AT = 1000

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
# Words of somebody who is asking for a time, and words of somebody describing a pain over time.
_BOOKING = re.compile(
    r"\b(?:book(?:ing)?|appointments?|appt|apt|come\s+in|see\s+(?:you|someone|the|her|him)|slots?|"
    r"openings?|fit\s+me\s+in|squeeze\s+me\s+in|schedule|visit|session|spots?|get\s+in|"
    r"(?:have|got)\s+any(?:thing|\s+time)?|works?\s+for\s+me|best\s+for\s+me|(?:i'?m|i\s+am)\s+"
    r"(?:free|available))\b",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"\b(?:since|ago|hurts?|hurting|fell|started|woke|was|were|had|have\s+had|last|every|worse|after\s+my|"
    r"already|cancel(?:led)?|missed|open|hours|close[ds]?|yesterday)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\s*[,;]\s*|\s+(?:-\s+|(?=(?:and|but|because|cuz|since|so|my|i'?ve|it'?s)\b))", re.IGNORECASE
)
_STRAY_IN = re.compile(r"in\s+(?=(?:this|next|coming)\b)", re.IGNORECASE)
_ANY = re.compile(
    r"\b(?:a\.?s\.?a\.?p|as\s+soon\s+as\s+possible|any\s*-?(?:time|day|date)s?|when\s*ever|earliest|"
    r"soonest|(?:next|first)\s+(?:available|opening)|soon)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\s*,?\s*(?:\b(?:or|and|at|in|on|the|after|before|between|around|about|by|from|to|any\s*time|"
    r"sometime|is|preferably|ideally|maybe|early|late|but\s+not|but|not|except|either)\b\s*|-|,|\s)*"
)
_LEAD = re.compile(
    r"\b(?:(?:any\s*time|any|every|sometime|after|before|between|around|about|by|early|late|not|except)\s+)+$",
    re.IGNORECASE,
)
_FIRST_VISIT = re.compile(
    r"\bmy\s+first\s+(?:visit|appointment|time\s+(?:there|here|coming|with\s+you)|session|acupuncture)\b|"
    r"\bfirst[\s-]time\s+(?:patient|client|visitor)\b|\bnew\s+(?:patient|client)\b|"
    r"\b(?:i'?ve\s+|have\s+)?never\s+been\s+(?:there|here|before|to\s+(?:you|your))\b",
    re.IGNORECASE,
)
# Enough in a message that asks for a visit.
_FIRST_SHORT = re.compile(
    r"\b(?:first|1st)[\s-](?:visit|time|appointment|appt)\b(?!\s*:\s*no)|\bnever\s+been\b",
    re.IGNORECASE,
)
_RETURNING = re.compile(
    r"\b(?:returning|existing|regular)\s+(?:patient|client)\b|"
    r"\b(?:i'?ve|i\s+have)\s+been\s+(?:there|here|before|to\s+(?:you|your))\b|"
    r"(?<!never )(?<!not )\bbeen\s+(?:t?here)\s+before\b|\bnot\s+(?:a\s+)?new\s+patient\b|"
    r"\bnot\s+my\s+first\s+(?:visit|time|appointment)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Details:
    """What a message already says.

    Attributes:
        values: Any of phone (E.164), email, name, visit ("first" or "returning") and reason.
        preferred: The days and times of the visit asked for, to be read like an answer; or None.
    """

    values: Mapping[str, str]
    preferred: Read | None = None


def extract_details(found: Read, now: datetime, tz: str, is_booking: bool = False) -> Details:
    """Picks what a free message already says; leaves out whatever is in doubt.

    Args:
        found: The whole message, and what was read in it.
        now: The present moment; aware.
        tz: The clinic's time zone.
        is_booking: The whole message is known to ask for a visit: its days and times are the
            ones wanted, "it's Sam" is a name, and "sciatica" the reason.
    """
    seen = found.part(0, LOOKED_AT)
    text = seen.text.replace("\u2019", "'")
    readers: dict[str, Callable[[], str | None]] = {
        "phone": lambda: seen.value(PHONE),
        "email": lambda: seen.value(EMAIL),
        "name": lambda: _name(seen, is_booking),
        "visit": lambda: visit_in(text, is_booking),
        "reason": lambda: find_reason(seen, is_booking),
    }
    values = ((field, reader()) for field, reader in readers.items())
    preferred = _preferred(without_complaint(seen), now, tz, is_booking)
    return Details({field: value for field, value in values if value}, preferred)


def _name(found: Read, is_booking: bool) -> str | None:
    for entity in found.of(PERSON):
        likely = is_booking and not is_complaint(entity.text)
        if entity.info.get("stated") or likely:
            return entity.value
    whom = for_whom(found.text) if is_booking else None
    return whom.name if whom and not is_complaint(whom.name) else None


def visit_in(text: str, is_booking: bool) -> str | None:
    """Whether a message says that it is a first visit or not: "first", "returning" or None."""
    if _RETURNING.search(text):
        return "returning"
    is_first = _FIRST_VISIT.search(text) or (is_booking and _FIRST_SHORT.search(text))
    return "first" if is_first else None


def _preferred(found: Read, now: datetime, tz: str, is_booking: bool) -> Read | None:
    wishes = [words for part in _asking(found, is_booking) if (words := _wish(part, is_booking))]
    if is_booking:
        # "Next tuesday. After 4 if you can." Where only "any time" is said, it is said in words.
        dated = [words for words in wishes if words.entities]
        return Read.joined(dated or wishes[:1]) if wishes else None
    read = (words for words in wishes if parse_preferred(words.text, now, tz, words).value)
    return next(read, None)


def _asking(found: Read, is_booking: bool) -> Iterator[Read]:
    """The parts of a message in which a day would be one that is wanted."""
    for sentence in _sentences(found):
        is_story = _STORY.search(sentence.text)
        if is_booking and is_story:
            yield from (part for part in _clauses(sentence) if not _STORY.search(part.text))
        elif not is_story and (is_booking or _BOOKING.search(sentence.text)):
            yield sentence


def _wish(part: Read, is_booking: bool) -> Read | None:
    words = Read.joined(list(_runs(part, is_booking)))
    return words if words.text else None


def _clauses(sentence: Read) -> Iterator[Read]:
    """The parts of "can I come friday, my back hurts since monday"."""
    return _split(sentence, _CLAUSE)


def _sentences(found: Read) -> Iterator[Read]:
    return _split(found, _SENTENCE)


def _split(found: Read, gaps: re.Pattern[str]) -> Iterator[Read]:
    start = 0
    for gap in gaps.finditer(found.text):
        # "Dec. 5th" is no end of a sentence.
        if not any(e.start < gap.start() and gap.end() < e.end for e in found.entities):
            yield found.part(start, gap.start())
            start = gap.end()
    yield found.part(start)


def _runs(sentence: Read, is_booking: bool) -> Iterator[Read]:
    """The days and times of a sentence; those joined by "or", "at" and the like stay together."""
    start = end = -1
    for begins, ends in _places(sentence, is_booking):
        if start >= 0 and _LINK.fullmatch(sentence.text, end, max(end, begins)):
            end = max(end, ends)
            continue
        if start >= 0:
            yield _with_lead(sentence, start, end)
        start, end = begins, ends
    if start >= 0:
        yield _with_lead(sentence, start, end)


def _places(sentence: Read, is_booking: bool) -> list[tuple[int, int]]:
    """Where days and times stand, and "asap" and "any day" where a visit is asked for."""
    named = [(e.start, e.end) for e in sentence.of(*WHEN)]
    if not is_booking:
        return named
    anytime = [match.span() for match in _ANY.finditer(sentence.text)]
    free = [(a, z) for a, z in anytime if not any(a < end and start < z for start, end in named)]
    return sorted([*named, *free])


def _with_lead(sentence: Read, start: int, end: int) -> Read:
    # The "in" of "get in next week" is not of the day.
    if stray := _STRAY_IN.match(sentence.text, start):
        return sentence.part(start, end).without_start(stray.end() - start)
    lead = _LEAD.search(sentence.text[:start])
    return sentence.part(lead.start() if lead else start, end).stripped()
