"""What a message takes back: "wrong number", "no it's Samantha", "make it friday"."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from bot.booking.asked import Asked, Reading
from bot.booking.complaint import is_complaint
from bot.booking.merged import merged
from bot.booking.one_field import is_only_a_time, parse_field
from bot.booking.opening import TOLD
from bot.reading import DATE, DAY_PART, TIME, Entity, Read
from bot.reading.days import bounds, is_range
from bot.reading.hours import is_time
from bot.reading.parsed import Parsed
from bot.reading.person import parse_name
from bot.reading.plain_name import is_plain_name
from bot.reading.signature import NAME

MAX_MOVED_WORDS = 8
# From here on two names are one that is spelled anew: Sam and Samantha, Jon and John.
ALIKE = 70.0

QUESTION = re.compile(
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
_MOVES = re.compile(r"\b(?:make\s+it|instead|rather|can\s+we\s+do|i\s+meant?|actually)\b", re.I)
_OPENING = re.compile(
    r"\b(?:no|sorry|oops|wait|actually|please|can|could|you|i|to|want|the)\b|\W", re.I
)
_NEW_VALUE = re.compile(r"\b(?:to|should\s+be|it'?s|its)\s+(?P<value>.+)$", re.IGNORECASE)
_SORRY = r"(?:no|nope|nah|sorry|oops|actually|wait|correction|oh|i\s+mean[t]?|yes|but)"
_IS = r"(?:it'?\u2019?s|it\s+is|i'?\u2019?m|i\s+am|that'?s|name'?s|call\s+me|spelled|should\s+be)"
# The new name, and whether it was introduced and how surely the message takes something back.
_RENAMED = re.compile(
    rf"^\s*(?P<sorry>(?:{_SORRY}\b[\s,.!-]*)+)?(?P<is>{_IS}\s+)?(?P<name>[^\n,;?]+?)"
    r"(?:[\s,]+not\s+(?P<old>[^\n,;?]+?))?[\s.!*]*$",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(NAME)


def correction(found: Read, asked: Asked) -> Reading | None:
    """A field that a message takes back without naming it, or None."""
    return _renamed(found.text, asked) or _moved_day(found, asked)


def named_field(found: Read, asked: Asked) -> Reading | None:
    """A field that a message says is wrong, with its new value if there is one; or None."""
    text = found.text
    match = _CORRECTION.search(text)
    # "I slept wrong, every day it is worse" is a reason, and no wish to change the day.
    if match is None or (asked.requested == "reason" and _OPENING.sub("", text[: match.start()])):
        return None
    corrected = _FIELD_WORDS[(match["after"] or match["before"]).lower()]
    new = _NEW_VALUE.search(text, match.end())
    words = found.part(new.start("value") if new else match.end())
    if corrected == "preferred":
        words = merged(words.stripped(" ,.-"), asked)
    return _changed(corrected, parse_field(corrected, words, asked))


def _changed(corrected: str, parsed: Parsed[str]) -> Reading:
    """A new value instead of an earlier one; without one the field is asked for again."""
    values = {corrected: parsed.value, "consent": None}
    if parsed.fault in TOLD:
        return Reading(values, parsed.fault, corrected, parsed.told)
    return Reading(values, told=parsed.told)


def _renamed(text: str, asked: Asked) -> Reading | None:
    """The name of "no it's Samantha", once a name is known."""
    kept = asked.kept.get("name")
    match = _RENAMED.search(text)
    if kept is None or match is None or asked.requested in {None, "name"}:
        return None
    said = match["name"].strip()
    alike = _alike(match["old"] or said, kept)
    is_name = _CAPITALISED.fullmatch(said) and not said.isupper() and not is_complaint(said)
    surely = match["is"] and (match["sorry"] or asked.requested not in {"reason", "visit"})
    # Without "it's" only another spelling counts: "no, Thanks" is no name.
    if not (match["is"] or match["sorry"] or match["old"]) or not (alike or (surely and is_name)):
        return None
    parsed = parse_name(said)
    return Reading({"name": parsed.value, "consent": None}) if parsed.value else None


def _alike(said: str, kept: str) -> bool:
    return max(fuzz.ratio(said.lower(), kept.lower()), _shared(said, kept)) >= ALIKE


def _shared(said: str, kept: str) -> float:
    """Whether one name begins as the other does: "Sam", "Samantha Lee"."""
    one, other = ((*name.lower().split(), "")[0] for name in (said, kept))
    begins = min(len(one), len(other)) > 1 and (one.startswith(other) or other.startswith(one))
    return 100.0 if begins else 0.0


def _moved_day(found: Read, asked: Asked) -> Reading | None:
    """The new day of "no wait, saturday", said instead of an answer to another question."""
    text = found.text
    is_bare = is_only_a_time(found)
    mind = _CHANGED_MIND.search(text)
    opened = asked.requested != "reason" or mind is not None or is_bare
    is_short = len(text.split()) <= MAX_MOVED_WORDS and (is_bare or QUESTION.search(text) is None)
    # "Make it 4pm" moves the time; "at 4pm" alone may be about anything.
    is_time_moved = mind is not None and bool(found.of(TIME, DAY_PART)) and _MOVES.search(text)
    is_day = is_time_moved or any(_is_day(entity, asked) for entity in found.of(DATE, DAY_PART))
    if asked.requested == "preferred" or (asked.requested == "name" and is_plain_name(text)):
        return None
    if not (is_short and opened and is_day):
        return None
    words = merged(found.part(mind.end() if mind else 0).stripped(" ,.-"), asked)
    parsed = parse_field("preferred", words, asked)
    is_readable = parsed.value is not None or parsed.fault in TOLD
    return _changed("preferred", parsed) if is_readable else None


def _is_day(entity: Entity, asked: Asked) -> bool:
    """Whether a day or a period to come is named; "I was there in June" names none."""
    if entity.kind == DAY_PART:
        return entity.value is not None and not is_time(entity.value)
    if not is_range(entity.value):
        return True
    first = bounds(entity.value)[0]
    return bool(entity.info.get("relative")) and first is not None and first > asked.today
