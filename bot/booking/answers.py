"""Reads one message inside a booking request: what it fills, corrects or leaves for others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.booking.choice import parse_consent, parse_reason, parse_visit
from bot.booking.details import extract_details
from bot.booking.model import Visit
from bot.booking.opening import TOLD, Doors, closed_among, named, refusal
from bot.booking.preferred import PROVINCE, Preferred, parse_preferred
from bot.reading import DATE, DAY_PART, EMAIL, PHONE, WHEN, Entity, Read, read
from bot.reading.contact import parse_email, parse_phone
from bot.reading.days import bounds, is_range
from bot.reading.hours import is_time
from bot.reading.parsed import Fault, Parsed
from bot.reading.person import parse_name

MAX_MOVED_WORDS = 8
# "Summer Friday" at the question for a name is one.
NAME_WORDS = 2
FIELDS = ("preferred", "name", "contact", "reason", "visit", "consent")

_QUESTION = re.compile(
    r"\?\s*$|^\s*(?:what|how|do|does|is|are|can|could|will|when|where|who|why|which|should|would|may|"
    r"am|any|u)\b",
    re.IGNORECASE,
)
_FIELD_WORDS = {
    "name": "name",
    "number": "contact",
    "phone": "contact",
    "cell": "contact",
    "email": "contact",
    "day": "preferred",
    "date": "preferred",
    "time": "preferred",
    "times": "preferred",
    "reason": "reason",
    "visit": "visit",
}
_CORRECTION = re.compile(
    r"\b(?:change|correct|fix|update|edit|wrong|incorrect|mistake|typo|not\s+right|not\s+my)\b"
    r"[^.?!]{0,30}?\b(?P<after>" + "|".join(_FIELD_WORDS) + r")\b"
    r"|\b(?P<before>" + "|".join(_FIELD_WORDS) + r")\b[^.?!]{0,15}?"
    r"\b(?:is\s+wrong|isn'?t\s+right|is\s+not\s+right|is\s+incorrect)",
    re.IGNORECASE,
)
_CHANGED_MIND = re.compile(
    r"^\s*(?:(?:no|oh|wait|sorry|actually|yes|but|ok|and|hmm|instead|make\s+it|can\s+we\s+do|i\s+meant?)"
    r"\b[\s,.!-]*)+",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\b(?:no|sorry|oops|wait|actually|please|can|could|you|i|to|want|the)\b|\W", re.I
)
_NEW_VALUE = re.compile(r"\b(?:to|should\s+be|it'?s|its)\s+(?P<value>.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What a message means to the request.

    Attributes:
        values: New values by field; None empties the field, so that it is asked again. No entry at
            all means that the message is about something else.
        fault: Why the answer to the question asked could not be read; None when it could, or when
            the message is no answer.
        at: The field the fault is about.
        told: What the patient should hear about it, by the names of a response's blanks.
    """

    values: Mapping[str, str | None] = field(default_factory=dict)
    fault: Fault | None = None
    at: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """The state a message finds.

    Attributes:
        requested: The field last asked for; None when the request has just begun.
        about_else: Whether the message is surely about another topic the assistant knows.
        now: The present moment; aware.
        tz: The clinic's time zone.
        doors: When the clinic is open.
        province: Whose holidays are meant.
        found: What understanding read in the message; it is read now when there is none.
    """

    requested: str | None
    about_else: bool
    now: datetime
    tz: str
    doors: Doors
    province: str = PROVINCE
    found: Read | None = None


def read_answer(text: str, asked: Asked) -> Reading:
    """Reads a message against the question that was asked.

    Details given along the way are taken whatever was asked; a correction ("wrong number",
    "change the day to Friday") wins over an answer; a question about something else is left alone.
    """
    found = asked.found or read(text, asked.now, asked.tz, asked.province)
    details, told = _details(found, asked)
    requested = asked.requested
    if requested is None:
        return Reading(details, told=told)
    if correction := _correction(found, asked):
        return correction
    if requested == "consent" and details:
        # Something was corrected instead of confirmed: show it all again before asking.
        return Reading({**details, "consent": None}, told=told)
    if requested in details:
        return Reading(details, told=told)
    if moved := _moved_day(found, asked, requested):
        return moved
    return _direct(found, asked, requested, details)


def _direct(
    found: Read, asked: Asked, requested: str, details: Mapping[str, str | None]
) -> Reading:
    parsed = _parse(requested, found, asked)
    is_question = _QUESTION.search(found.text) is not None
    interrupts = asked.about_else and (requested == "name" or is_question)
    if parsed.value is not None and not interrupts:
        return Reading({**details, requested: parsed.value}, told=parsed.told)
    if details:
        return Reading(details)
    # A closed day is told, unless both the words and their topic are those of a question.
    if parsed.fault in TOLD and not (asked.about_else and is_question):
        return Reading({requested: None}, parsed.fault, requested, parsed.told)
    if asked.about_else or (requested != "consent" and is_question):
        return Reading()
    return Reading({requested: None}, parsed.fault, requested, parsed.told)


def _details(found: Read, asked: Asked) -> tuple[dict[str, str | None], Mapping[str, str]]:
    said = extract_details(found, asked.now, asked.tz, is_booking=asked.requested is None)
    values: dict[str, str | None] = {**said.values}
    email = values.pop("email", None)
    if contact := values.pop("phone", None) or email:
        values["contact"] = contact
    wanted: Parsed[str] = _preferred(said.preferred, asked) if said.preferred else Parsed()
    if wanted.value is None:
        return values, {}
    return {**values, "preferred": wanted.value}, wanted.told


def _correction(found: Read, asked: Asked) -> Reading | None:
    text = found.text
    match = _CORRECTION.search(text)
    # "I slept wrong, every day it is worse" is a reason, and no wish to change the day.
    if match is None or (asked.requested == "reason" and _OPENING.sub("", text[: match.start()])):
        return None
    corrected = _FIELD_WORDS[(match["after"] or match["before"]).lower()]
    new = _NEW_VALUE.search(text, match.end())
    parsed = _parse(corrected, found.part(new.start("value") if new else match.end()), asked)
    return _changed(corrected, parsed)


def _changed(corrected: str, parsed: Parsed[str]) -> Reading:
    """A new value instead of an earlier one; without one the field is asked for again."""
    values = {corrected: parsed.value, "consent": None}
    if parsed.fault in TOLD:
        return Reading(values, parsed.fault, corrected, parsed.told)
    return Reading(values, told=parsed.told)


def _moved_day(found: Read, asked: Asked, requested: str) -> Reading | None:
    """The new day of "no wait, saturday", said instead of an answer to another question."""
    text = found.text
    short = len(text.split()) <= MAX_MOVED_WORDS and _QUESTION.search(text) is None
    mind = _CHANGED_MIND.search(text)
    opened = requested != "reason" or mind is not None
    is_named = requested == "name" and text.istitle() and len(text.split()) == NAME_WORDS
    today = asked.now.astimezone(ZoneInfo(asked.tz)).date()
    is_day = any(_is_day(entity, today) for entity in found.of(DATE, DAY_PART))
    if requested == "preferred" or is_named or not short or not opened or not is_day:
        return None
    parsed = _preferred(found.part(mind.end() if mind else 0).stripped(" ,.-"), asked)
    is_readable = parsed.value is not None or parsed.fault in TOLD
    return _changed("preferred", parsed) if is_readable else None


def _is_day(entity: Entity, today: date) -> bool:
    """Whether a day or a period to come is named; "I was there in June" names none."""
    if entity.kind == DAY_PART:
        return entity.value is not None and not is_time(entity.value)
    if not is_range(entity.value):
        return True
    first = bounds(entity.value)[0]
    return bool(entity.info.get("relative")) and first is not None and first > today


def _parse(requested: str, found: Read, asked: Asked) -> Parsed[str]:
    readers: dict[str, Callable[[Read], Parsed[str]]] = {
        "preferred": lambda words: _preferred(words, asked),
        "name": lambda words: parse_name(words.text),
        "contact": _contact,
        "reason": lambda words: parse_reason(words.text),
        "visit": lambda words: _named(parse_visit(words.text)),
        "consent": lambda words: _named(parse_consent(words.text)),
    }
    return readers[requested](found)


def _contact(found: Read) -> Parsed[str]:
    if known := found.value(EMAIL) or found.value(PHONE):
        return Parsed(known)
    return parse_email(found.text) if "@" in found.text else parse_phone(found.text)


def _preferred(found: Read, asked: Asked) -> Parsed[str]:
    parsed: Parsed[Preferred] = parse_preferred(found.text, asked.now, asked.tz, found)
    if parsed.value is None:
        return Parsed(fault=parsed.fault, told=parsed.told)
    local = asked.now.astimezone(ZoneInfo(asked.tz))
    if refused := refusal(found.of(*WHEN), local, asked.doors):
        return refused
    closed = closed_among(parsed.value.days, asked.doors)
    days = tuple(day for day in parsed.value.days if day not in closed)
    told = {"closed": named(closed, local)} if closed else {}
    return Parsed(replace(parsed.value, days=days).text, told=told)


def _named(parsed: Parsed[Visit] | Parsed[bool]) -> Parsed[str]:
    """Slots keep plain words, so that a stored conversation reads well."""
    if parsed.value is None:
        return Parsed(fault=parsed.fault)
    words = {True: "yes", False: "no"}
    return Parsed(words[parsed.value] if isinstance(parsed.value, bool) else parsed.value)
