"""A corrected wish: a new time keeps the day that was said before, a new day keeps the time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from bot.booking.asked import Asked
from bot.booking.preferred import MAX_PREFERRED
from bot.booking.wished import wished_days
from bot.reading import DATE, DAY_PART, TIME, WHEN, Entity, Read, read
from bot.reading.hours import is_time

# "Monday morning or Friday afternoon" has a time for each day; "thursday or friday at 3" has one.
_JOINS = re.compile(r"[\s,/]*(?:\b(?:or|and|on|the|in)\b[\s,/]*)*", re.IGNORECASE)
_LEAD = re.compile(
    r"\b(?:(?:any\s*time|any|sometime|not|no|around|about|between|on|at)\s+)+$", re.IGNORECASE
)
_OUTER = re.compile(r"^[\s,.-]+|[\s,.-]+$")


def words_in(preferred: str) -> str:
    """The patient's own words of a wish as it is kept, without the days in brackets."""
    head, bracket, _ = preferred.rpartition(" (")
    return head if bracket and preferred.endswith(")") and wished_days(preferred) else preferred


def merged(found: Read, asked: Asked) -> Read:
    """The wish that a correction makes together with the one that is kept.

    Args:
        found: The correction, such as "4pm" or "tuesday instead".
        asked: What is kept, and the clinic's clock.

    Returns:
        The correction alone where it says both, or where the two do not plainly fit.
    """
    kept = asked.kept.get("preferred")
    if kept is None:
        return found
    old = _read(words_in(kept), asked)
    days, times = _days(found), _times(found)
    whole: str | None = None
    if times and not days:
        new = re.sub(r"^the\s+", "", _core(found, times), flags=re.IGNORECASE)
        whole = _with_times(old, new, wished_days(kept), asked)
    elif days and not times:
        whole = _with_days(old, _core(found, days))
    return _read(whole, asked) if whole else found


def _with_times(old: Read, new: str, kept_days: Sequence[date], asked: Asked) -> str | None:
    """The old words with another time in the place of each that they had."""
    if not _days(old):
        return None
    text, last = "", 0
    for entity in _times(old):
        lead = _LEAD.search(old.text[last : entity.start])
        text += old.text[last : last + lead.start() if lead else entity.start]
        is_at = entity.text.lower().startswith("at ") and new[0].isdigit()
        text += f"at {new}" if is_at else new
        last = entity.end
    text += old.text[last:]
    whole = text if _times(old) else f"{text.rstrip(' .,')} {new}"
    # "Tomorrow" said yesterday is today.
    again = [e.value for e in _days(_read(whole, asked))]
    is_same = all(day.isoformat() in again for day in kept_days)
    # A wish is cut at its end, where the new time stands.
    if (is_same and len(whole) <= MAX_PREFERRED) or not kept_days:
        return whole
    return f"{' or '.join(f'{d:%A} {d.day} {d:%B %Y}' for d in kept_days)} {new}"


def _with_days(old: Read, new: str) -> str | None:
    """The old words with another day in the place of those that they had."""
    days, times = _days(old), _times(old)
    if not times or any(e.is_excluded for e in old.of(*WHEN)):
        return None
    if not days:
        return f"{new} {_OUTER.sub('', old.text)}"
    gaps = pairwise(days)
    if not all(_JOINS.fullmatch(old.text[one.end : other.start]) for one, other in gaps):
        return None
    return f"{old.text[: days[0].start]}{new}{old.text[days[-1].end :]}"


def _core(found: Read, entities: Sequence[Entity]) -> str:
    """From the first of the entities to the last, with what belongs before it: "not before 4"."""
    start, end = entities[0].start, entities[-1].end
    lead = _LEAD.search(found.text[:start])
    return found.text[lead.start() if lead else start : end]


def _days(found: Read) -> list[Entity]:
    return [e for e in found.of(DATE, DAY_PART) if e.kind == DATE or not is_time(e.value or "")]


def _times(found: Read) -> list[Entity]:
    return [e for e in found.of(TIME, DAY_PART) if e.kind == TIME or is_time(e.value or "")]


def _read(text: str, asked: Asked) -> Read:
    return read(text, asked.now, asked.tz, asked.province)
