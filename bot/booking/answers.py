"""Reads one message inside a booking request: what it fills, corrects or leaves for others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.booking.fields import (
    Fault,
    Parsed,
    Preferred,
    extract_details,
    parse_consent,
    parse_email,
    parse_name,
    parse_phone,
    parse_preferred,
    parse_reason,
    parse_visit,
)
from bot.booking.model import Visit
from bot.booking.preferred import DAY

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
    """

    values: Mapping[str, str | None] = field(default_factory=dict)
    fault: Fault | None = None
    at: str | None = None


@dataclass(frozen=True)
class Asked:
    """The state a message finds.

    Attributes:
        requested: The field last asked for; None when the request has just begun.
        about_else: Whether the message is surely about another topic the assistant knows.
        now: The present moment; aware.
        tz: The clinic's time zone.
        is_closed: Whether the clinic is shut on a day, whatever the hour.
    """

    requested: str | None
    about_else: bool
    now: datetime
    tz: str
    is_closed: Callable[[date], bool]


def read_answer(text: str, asked: Asked) -> Reading:
    """Reads a message against the question that was asked.

    Details given along the way are taken whatever was asked; a correction ("wrong number",
    "change the day to Friday") wins over an answer; a question about something else is left alone.
    """
    details = _details(text, asked)
    requested = asked.requested
    if requested is None:
        return Reading(details)
    if correction := _correction(text, asked):
        return Reading(correction)
    if requested == "consent" and details:
        # Something was corrected instead of confirmed: show it all again before asking.
        return Reading({**details, "consent": None})
    if requested in details:
        return Reading(details)
    if moved := _moved_day(text, asked, requested):
        return Reading({"preferred": moved, "consent": None})
    return _direct(text, asked, requested, details)


def _direct(text: str, asked: Asked, requested: str, details: Mapping[str, str | None]) -> Reading:
    parsed = _parse(requested, text, asked)
    interrupts = asked.about_else and (requested == "name" or _QUESTION.search(text) is not None)
    if parsed.value is not None and not interrupts:
        return Reading({**details, requested: parsed.value})
    if details:
        return Reading(details)
    if asked.about_else or (requested != "consent" and _QUESTION.search(text)):
        return Reading()
    return Reading({requested: None}, parsed.fault, requested)


def _details(text: str, asked: Asked) -> dict[str, str | None]:
    begins = asked.requested is None
    found = extract_details(text, asked.now, asked.tz, is_booking=begins)
    contact = found.pop("phone", None) or found.pop("email", None)
    found.pop("email", None)
    values: dict[str, str | None] = dict(found)
    if contact:
        values["contact"] = contact
    if "preferred" in found:
        readable = _preferred(found["preferred"], asked).value
        values.pop("preferred")
        if readable:
            values["preferred"] = readable
    return values


def _correction(text: str, asked: Asked) -> dict[str, str | None]:
    match = _CORRECTION.search(text)
    # "I slept wrong, every day it is worse" is a reason, and no wish to change the day.
    if match is None or (asked.requested == "reason" and _OPENING.sub("", text[: match.start()])):
        return {}
    corrected = _FIELD_WORDS[(match["after"] or match["before"]).lower()]
    new = _NEW_VALUE.search(text, match.end())
    words = new["value"] if new else text[match.end() :]
    return {corrected: _parse(corrected, words, asked).value, "consent": None}


def _moved_day(text: str, asked: Asked, requested: str) -> str | None:
    """The new day of "no wait, saturday", said instead of an answer to another question."""
    short = len(text.split()) <= MAX_MOVED_WORDS and _QUESTION.search(text) is None
    opened = requested != "reason" or _CHANGED_MIND.search(text) is not None
    named = requested == "name" and text.istitle() and len(text.split()) == NAME_WORDS
    if requested == "preferred" or named or not short or not opened or DAY.search(text) is None:
        return None
    return _preferred(_CHANGED_MIND.sub("", text).strip(" ,.-"), asked).value


def _parse(requested: str, text: str, asked: Asked) -> Parsed[str]:
    readers: dict[str, Callable[[str], Parsed[str]]] = {
        "preferred": lambda words: _preferred(words, asked),
        "name": parse_name,
        "contact": _contact,
        "reason": parse_reason,
        "visit": lambda words: _named(parse_visit(words)),
        "consent": lambda words: _named(parse_consent(words)),
    }
    return readers[requested](text)


def _contact(text: str) -> Parsed[str]:
    email, phone = parse_email(text), parse_phone(text)
    if email.value or (phone.value is None and "@" in text):
        return email
    return phone


def _preferred(text: str, asked: Asked) -> Parsed[str]:
    parsed: Parsed[Preferred] = parse_preferred(text, asked.now, asked.tz)
    if parsed.value is None:
        return Parsed(fault=parsed.fault)
    days = parsed.value.days
    if days and all(asked.is_closed(day) for day in days):
        return Parsed(fault=Fault.CLOSED)
    return Parsed(parsed.value.text)


def _named(parsed: Parsed[Visit] | Parsed[bool]) -> Parsed[str]:
    """Slots keep plain words, so that a stored conversation reads well."""
    if parsed.value is None:
        return Parsed(fault=parsed.fault)
    words = {True: "yes", False: "no"}
    return Parsed(words[parsed.value] if isinstance(parsed.value, bool) else parsed.value)
