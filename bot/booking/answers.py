"""Reads one message inside a booking request: what it fills, corrects or leaves for others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.booking.asked import FIELDS, WAY, Asked, Reading
from bot.booking.choice import parse_visit
from bot.booking.complaint import is_complaint
from bot.booking.corrections import QUESTION, correction, named_field
from bot.booking.details import extract_details, visit_in
from bot.booking.merged import merged
from bot.booking.one_field import is_only_a_time, parse_field, parse_wish
from bot.booking.opening import TOLD
from bot.booking.way import NO, gives_up, names_a_way
from bot.reading import Read, read
from bot.reading.for_whom import for_whom
from bot.reading.parsed import Fault, Parsed
from bot.reading.plain_name import is_plain_name

# Longer words than these are a story, whatever topic they come near.
STORY_WORDS = 25
# Told also where nobody asked for a day yet.
REFUSED = TOLD | {Fault.PAST}
# Questions whose answers may come with what a first message brings: "Sam, sore neck, friday".
EARLY = frozenset({None, "preferred"})
SHORT_WORDS = 8
_PARTS = re.compile(r"(?<=[.!?;])\s+|\n+|,\s+")
# A "no" to the summary that goes on: the rest says what is not right.
_NOT_SO = re.compile(
    r"^\W*(?:(?:no|nope|nah|not\s+(?:quite|exactly|right)|wait|sorry|oops|actually|hang\s+on|hold\s+on|"
    r"almost|close)\b[\s,.!;-]*)+(?:but\s+)?(?:(?:it'?\u2019?s|it\s+is|that'?s|its|i\s+meant?)\s+)?"
    r"(?:(?:actually|for|about|my|the)\s+)*",
    re.IGNORECASE,
)
# Beside these a way of contact is a correction: "text me, and make it thursday".
_ALSO_MOVED = re.compile(r"\b(?:make\s+it|change|move|switch|instead|actually)\b", re.IGNORECASE)


def read_answer(text: str, asked: Asked) -> Reading:
    """Reads a message against the question that was asked.

    Details given along the way are taken whatever was asked; a correction ("wrong number",
    "change the day to Friday") wins over an answer; a question about something else is left alone.
    """
    found = asked.found or read(text, asked.now, asked.tz, asked.province)
    reading = _read(found, asked)
    is_beside = asked.requested is not None and asked.about_else and any(reading.values.values())
    return replace(reading, asks=True) if is_beside and _asks_beside(found, reading) else reading


def _asks_beside(found: Read, reading: Reading) -> bool:
    """Whether one of several sentences is a question: "Kim Ray. Will it hurt?"."""
    parts = [part for part in _PARTS.split(found.text) if part.strip()]
    whole = found.text.strip() in reading.values.values()
    return len(parts) > 1 and not whole and any(map(QUESTION.search, parts))


def _read(found: Read, asked: Asked) -> Reading:
    details, wish = _details(found, asked)
    requested = asked.requested
    is_wish = requested == "preferred" and details and (wish.value or wish.fault)
    if requested is None or is_wish:
        return _opened(details, wish)
    if corrected := _corrected(found, asked, details):
        return corrected
    if requested == "consent" and (amended := _amended(found, asked)):
        return amended
    if requested == "consent" and details:
        # Something was corrected instead of confirmed: show it all again before asking.
        return Reading({**details, "consent": None}, told=wish.told)
    if requested in details or ("name" in details and _says_only_whom(found.text)):
        return Reading(details, told=wish.told)
    return _direct(found, asked, requested, details)


def _opened(details: Mapping[str, str | None], wish: Parsed[str]) -> Reading:
    """All that a message says by itself; a day on which nobody can come is told at once."""
    if wish.fault in REFUSED:
        return Reading({**details, "preferred": None}, wish.fault, "preferred", wish.told)
    return Reading(details, told=wish.told)


def _corrected(found: Read, asked: Asked, details: Mapping[str, str | None]) -> Reading | None:
    corrected = named_field(found, asked)
    is_way = asked.requested == "consent" and not details and _is_a_way(found.text)
    if corrected is None and not is_way:
        corrected = correction(found, asked)
    return replace(corrected, values={**details, **corrected.values}) if corrected else None


def _amended(found: Read, asked: Asked) -> Reading | None:
    """What "no, been before" or "no its neck and shoulder" corrects instead of giving up."""
    lead = _NOT_SO.match(found.text)
    if lead is None or gives_up(found.text) or names_a_way(found.text):
        return None
    rest = found.part(lead.end())
    details, wish = _details(rest, replace(asked, requested=None))
    short = len(rest.text.split()) <= SHORT_WORDS
    if short and "visit" not in details and (visit := parse_visit(rest.text).value):
        details = {**details, "visit": visit}
    if short and not details and is_complaint(rest.text):
        details = {"reason": rest.text.strip(" .!,")}
    if wish.fault in REFUSED:
        return Reading({**details, "preferred": None}, wish.fault, "preferred", wish.told)
    return Reading({**details, "consent": None}, told=wish.told) if details else None


def _is_a_way(text: str) -> bool:
    return names_a_way(text) and not _ALSO_MOVED.search(text)


def _direct(
    found: Read, asked: Asked, requested: str, details: Mapping[str, str | None]
) -> Reading:
    if requested == "name" and (name := _only_name(found.text)):
        return Reading({**details, "name": name})
    parsed = parse_field(requested, found, asked)
    is_question = QUESTION.search(found.text) is not None and not _is_answer(found, requested)
    interrupts = asked.about_else and (requested == "name" or is_question)
    if parsed.value is not None and not interrupts:
        answer = _consented(parsed.value, asked) if requested == "consent" else None
        return Reading({**details, **(answer or {requested: parsed.value})}, told=parsed.told)
    # A closed day is told, unless both the words and their topic are those of a question.
    if parsed.fault in TOLD and not (asked.about_else and is_question):
        return Reading({**details, requested: None}, parsed.fault, requested, parsed.told)
    if details:
        return Reading(details)
    if asked.about_else or (requested != "consent" and is_question):
        return Reading()
    return Reading({requested: None}, parsed.fault, requested, parsed.told)


def _says_only_whom(text: str) -> bool:
    whom = for_whom(text)
    return whom is not None and whom.is_all


def _only_name(text: str) -> str | None:
    """The name of "Grace Kim", and of "Kim Ray. Will it hurt?"."""
    said = text.strip(" ,.!\t\n")
    if is_plain_name(said):
        return said
    parts = [part.strip(" ,.!") for part in _PARTS.split(text) if part.strip()]
    names = [part for part in parts if is_plain_name(part) and not part.islower()]
    others = [part for part in parts if part not in names]
    is_beside = len(names) == 1 and others and any(map(QUESTION.search, others))
    return names[0] if is_beside else None


def _is_answer(found: Read, requested: str) -> bool:
    """Whether words that look like a question answer the one that was asked."""
    if requested == "preferred":
        return is_only_a_time(found)
    return requested == "reason" and len(found.text.split()) > STORY_WORDS


def _consented(said: str, asked: Asked) -> dict[str, str | None]:
    if said == NO:
        return {"consent": NO, WAY: None}
    if said in asked.ways:
        return {"consent": "yes", WAY: said}
    # Another way needs another contact.
    return {"contact": None, "consent": None}


def _details(found: Read, asked: Asked) -> tuple[dict[str, str | None], Parsed[str]]:
    """What a message says besides an answer, without what is known; and its wish for a day."""
    is_early = asked.requested in EARLY
    said = extract_details(found, asked.now, asked.tz, is_booking=is_early)
    values: dict[str, str | None] = {**said.values}
    email = values.pop("email", None)
    if contact := values.pop("phone", None) or email:
        values["contact"] = contact
    if not is_early and (name := _for_whom(found.text, asked)):
        values["name"] = name
    values = {f: value for f, value in values.items() if value != asked.kept.get(f)}
    if asked.requested == "reason" and not is_complaint(found.text):
        visit = visit_in(found.text, is_booking=True)
        values |= {"visit": visit} if visit and visit != asked.kept.get("visit") else {}
    wish: Parsed[str] = Parsed()
    if said.preferred:
        wish = parse_wish(merged(said.preferred, asked), asked)
    # The whole answer to the question for a day is kept, where it says nothing else.
    if wish.value is not None and (values or asked.requested != "preferred"):
        values["preferred"] = wish.value
    return values, wish


def _for_whom(text: str, asked: Asked) -> str | None:
    """The name of "it's for my mom Joan", said to a question that does not ask for it."""
    whom = for_whom(text)
    if whom is None or is_complaint(whom.name):
        return None
    # "It's for Rotator Cuff" may tell the reason.
    is_sure = whom.is_relative or (asked.requested == "contact" and " " in whom.name)
    return whom.name if is_sure or (whom.is_led and asked.requested != "reason") else None


__all__ = ["FIELDS", "WAY", "Asked", "Reading", "read_answer"]
