"""Reads the query of a FHIR search for appointments. Pure functions.

Status and date are as in https://hl7.org/fhir/R4/appointment.html#search: the date is the start of
the appointment, which a request without a proposed or agreed time does not have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.booking.formats.fhir import STATUSES
from bot.booking.model import Status
from bot.booking.ports import Search
from bot.booking.references import find_reference
from bot.errors import BotError

DEFAULT_COUNT, MAX_COUNT = 50, 200
KNOWN = frozenset({"date", "status", "_count", "_after", "_format"})
FORMATS = frozenset({"json", "application/json", "application/fhir+json"})
# FHIR's codes for an appointment; none of the project's own comes out as the last ones.
CODES = frozenset(
    [
        "proposed",
        "pending",
        "booked",
        "cancelled",
        "arrived",
        "fulfilled",
        "noshow",
        "entered-in-error",
        "checked-in",
        "waitlist",
    ]
)
_DATE = re.compile(
    r"(?P<prefix>eq|ge|gt|le|lt|sa|eb)?(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)
_COUNT = re.compile(r"\d{1,4}")
MONTHS = 12
Span = tuple[datetime | None, datetime | None]


class BadQuery(BotError):
    """A parameter of the search cannot be read, or is none."""

    code = "bad_query"
    status = 400


def read_query(query: Mapping[str, Sequence[str]], zone: ZoneInfo) -> Search:
    """What is searched for.

    Args:
        query: Every value of each parameter.
        zone: Where a time without one is.

    Raises:
        BadQuery: names the parameter. An unknown one is refused, since a filter that is passed over
            would give out what was not asked for.
    """
    if unknown := sorted(set(query) - KNOWN):
        known = ", ".join(sorted(KNOWN))
        raise BadQuery(f"There is no search by {unknown[0]!r}; use {known}."[:200])
    if any(value not in FORMATS for value in query.get("_format", ())):
        raise BadQuery("The only _format is json.")
    starts = [_starts(value, zone) for value in query.get("date", ())]
    return Search(
        statuses=_statuses(query.get("status", ())),
        start_from=max((first for first, _ in starts if first), default=None),
        start_before=min((last for _, last in starts if last), default=None),
        after=_after(query.get("_after", ())),
        limit=_count(query.get("_count", ())),
    )


def _statuses(values: Sequence[str]) -> frozenset[Status] | None:
    """The project's statuses whose appointment has one of the codes; None without a filter."""
    wanted: frozenset[Status] | None = None
    for value in values:
        codes = frozenset(value.split(","))
        if not codes <= CODES:
            raise BadQuery("status must be one or more codes of an appointment's status.")
        these = frozenset(status for status, (code, *_) in STATUSES.items() if code in codes)
        wanted = these if wanted is None else wanted & these
    return wanted


def _starts(value: str, zone: ZoneInfo) -> Span:
    # A "+" of a time zone that was not escaped comes as a blank.
    match = _DATE.fullmatch(value.replace(" ", "+"))
    if match is None:
        raise BadQuery("date must be such as ge2026-12-01 or lt2026-12-04T10:00:00Z.")
    try:
        first, last = _span(match, zone)
    except (ValueError, OverflowError):
        raise BadQuery("date names no such day.") from None
    return {
        "ge": (first, None),
        "gt": (last, None),
        "sa": (last, None),
        "le": (None, last),
        "lt": (None, first),
        "eb": (None, first),
    }.get(match["prefix"] or "eq", (first, last))


def _span(match: re.Match[str], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of a date to the first one after it."""
    year, month, day = int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)
    if match["time"]:
        said = match["zone"] or ""
        text = f"{year:04}-{month:02}-{day:02}T{match['time']}{said.replace('Z', '+00:00')}"
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        length = timedelta(minutes=1) if match["time"].count(":") == 1 else timedelta(seconds=1)
        return moment, moment + length
    first = datetime(year, month, day, tzinfo=zone)
    if match["day"]:
        return first, first + timedelta(days=1)
    if match["month"]:
        return first, first.replace(year=year + month // MONTHS, month=month % MONTHS + 1)
    return first, first.replace(year=year + 1)


def _count(values: Sequence[str]) -> int:
    if not values:
        return DEFAULT_COUNT
    if len(values) > 1 or not _COUNT.fullmatch(values[0]):
        raise BadQuery("_count must be a whole number.")
    return min(int(values[0]), MAX_COUNT)


def _after(values: Sequence[str]) -> str | None:
    if not values:
        return None
    reference = find_reference(values[0]) if len(values) == 1 else None
    if reference is None:
        raise BadQuery("_after must come from the link to the next page.")
    return reference
