"""Booking details already given in a free message, so that nobody is asked for them again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.booking.preferred import parse_preferred
from bot.reading import DATE, EMAIL, PERSON, PHONE, WHEN, Read

LOOKED_AT = 1000
MAX_REASON_WORDS = 8

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
_LINK = re.compile(
    r"\s*,?\s*(?:\b(?:or|and|at|in|on|the|after|before|between|around|about|by|from|to|any\s*time|"
    r"sometime|is|preferably|ideally|maybe|early|late)\b\s*|-|,|\s)*"
)
_LEAD = re.compile(
    r"\b(?:(?:any\s*time|sometime|after|before|between|around|about|by|early|late|not|except)\s+)+$",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\bfor\s+(?P<my>my|his|her|the|this|some|a|an)?\s*(?P<what>[^.,;!?\n]{3,100})",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"\b(?:back|neck|shoulders?|spine|sciatica|hips?|knees?|legs?|feet|foot|ankles?|arms?|elbows?|wrists?|"
    r"hands?|jaw|tmj|head|headaches?|migraines?|pains?|aches?|sore|stiff(?:ness)?|strain|sprain|spasms?|"
    r"tension|knots?|nerves?|numbness|tingling|disc|disk|herniat\w+|arthritis|fibromyalgia|posture|"
    r"stress|anxiety|sleep|insomnia|muscles?|tendon\w*|injury|whiplash)\b",
    re.IGNORECASE,
)
_REASON_END = re.compile(
    r"\s+(?:on|at|in\s+the|this|next|today|tonight|tomorrow|and\s+(?:my\s+(?:name|number|phone|email)|i|can|"
    r"is|do|would|could)|please|pls|plz|thanks|asap|because|cuz|but|if|when|not|except|so|or|after|before|with\s+(?:you|dr)|as\s+soon|"
    r"my\s+(?:name|number|phone|email)|call\s+me|i'?m|i\s+am|any\s*time)\b.*$",
    re.IGNORECASE,
)
_FIRST_VISIT = re.compile(
    r"\bmy\s+first\s+(?:visit|appointment|time\s+(?:there|here|coming|with\s+you)|session|acupuncture)\b|"
    r"\bfirst[\s-]time\s+(?:patient|client|visitor)\b|\bnew\s+(?:patient|client)\b|"
    r"\b(?:i'?ve\s+|have\s+)?never\s+been\s+(?:there|here|before|to\s+(?:you|your))\b",
    re.IGNORECASE,
)
_RETURNING = re.compile(
    r"\b(?:returning|existing|regular)\s+(?:patient|client)\b|"
    r"\b(?:i'?ve|i\s+have)\s+been\s+(?:there|here|to\s+(?:you|your))\b|\bnot\s+(?:a\s+)?new\s+patient\b|"
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
            ones wanted, and "it's Sam" is a name.
    """
    seen = found.part(0, LOOKED_AT)
    text = seen.text.replace("\u2019", "'")
    readers: dict[str, Callable[[], str | None]] = {
        "phone": lambda: seen.value(PHONE),
        "email": lambda: seen.value(EMAIL),
        "name": lambda: _name(seen, is_booking),
        "visit": lambda: _visit(text),
        "reason": lambda: _reason(seen, text),
    }
    values = ((field, reader()) for field, reader in readers.items())
    preferred = _preferred(seen, now, tz, is_booking)
    return Details({field: value for field, value in values if value}, preferred)


def _name(found: Read, is_booking: bool) -> str | None:
    names = (e for e in found.of(PERSON) if e.info.get("stated") or is_booking)
    return next((e.value for e in names), None)


def _visit(text: str) -> str | None:
    if _RETURNING.search(text):
        return "returning"
    return "first" if _FIRST_VISIT.search(text) else None


def _reason(found: Read, text: str) -> str | None:
    for match in _REASON.finditer(text):
        what = _REASON_END.sub("", match["what"])
        start = match.start("what")
        days = found.part(start, start + len(what)).of(DATE)
        what = (what[: days[0].start] if days else what).strip(" -:")
        if _COMPLAINT.search(what) and len(what.split()) <= MAX_REASON_WORDS:
            return what
    return None


def _preferred(found: Read, now: datetime, tz: str, is_booking: bool) -> Read | None:
    for sentence in _sentences(found):
        asks = is_booking or _BOOKING.search(sentence.text)
        if not asks or _STORY.search(sentence.text):
            continue
        words = Read.joined(list(_runs(sentence)))
        if words.text and parse_preferred(words.text, now, tz, words).value:
            return words
    return None


def _sentences(found: Read) -> Iterator[Read]:
    start = 0
    for gap in _SENTENCE.finditer(found.text):
        # "Dec. 5th" is no end of a sentence.
        if not any(e.start < gap.start() and gap.end() < e.end for e in found.entities):
            yield found.part(start, gap.start())
            start = gap.end()
    yield found.part(start)


def _runs(sentence: Read) -> Iterator[Read]:
    """The days and times of a sentence; those joined by "or", "at" and the like stay together."""
    start = end = -1
    for entity in sentence.of(*WHEN):
        if start >= 0 and _LINK.fullmatch(sentence.text, end, max(end, entity.start)):
            end = max(end, entity.end)
            continue
        if start >= 0:
            yield _with_lead(sentence, start, end)
        start, end = entity.start, entity.end
    if start >= 0:
        yield _with_lead(sentence, start, end)


def _with_lead(sentence: Read, start: int, end: int) -> Read:
    lead = _LEAD.search(sentence.text[:start])
    return sentence.part(lead.start() if lead else start, end).stripped()
