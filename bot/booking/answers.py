"""Reads one message inside a booking request: what it fills, corrects or leaves for others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.booking.asked import FIELDS, WAY, Asked, Reading
from bot.booking.corrections import QUESTION, correction, named_field
from bot.booking.details import extract_details
from bot.booking.one_field import is_only_a_time, parse_field, parse_wish
from bot.booking.opening import TOLD
from bot.booking.way import NO, names_a_way
from bot.reading import Read, read
from bot.reading.parsed import Fault, Parsed

# Longer words than these are a story, whatever topic they come near.
STORY_WORDS = 25
# Told also where nobody asked for a day yet.
REFUSED = TOLD | {Fault.PAST}
# Questions whose answers may come with what a first message brings: "Sam, sore neck, friday".
EARLY = frozenset({None, "preferred"})
# Beside these a way of contact is a correction: "text me, and make it thursday".
_ALSO_MOVED = re.compile(r"\b(?:make\s+it|change|move|switch|instead|actually)\b", re.IGNORECASE)


def read_answer(text: str, asked: Asked) -> Reading:
    """Reads a message against the question that was asked.

    Details given along the way are taken whatever was asked; a correction ("wrong number",
    "change the day to Friday") wins over an answer; a question about something else is left alone.
    """
    found = asked.found or read(text, asked.now, asked.tz, asked.province)
    details, wish = _details(found, asked)
    requested = asked.requested
    is_wish = requested == "preferred" and details and (wish.value or wish.fault)
    if requested is None or is_wish:
        return _opened(details, wish)
    if corrected := _corrected(found, asked, details):
        return corrected
    if requested == "consent" and details:
        # Something was corrected instead of confirmed: show it all again before asking.
        return Reading({**details, "consent": None}, told=wish.told)
    if requested in details:
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


def _is_a_way(text: str) -> bool:
    return names_a_way(text) and not _ALSO_MOVED.search(text)


def _direct(
    found: Read, asked: Asked, requested: str, details: Mapping[str, str | None]
) -> Reading:
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
    values = {f: value for f, value in values.items() if value != asked.kept.get(f)}
    wish: Parsed[str] = parse_wish(said.preferred, asked) if said.preferred else Parsed()
    # The whole answer to the question for a day is kept, where it says nothing else.
    if wish.value is not None and (values or asked.requested != "preferred"):
        values["preferred"] = wish.value
    return values, wish


__all__ = ["FIELDS", "WAY", "Asked", "Reading", "read_answer"]
