"""Days and ranges of days: their ISO form, and the counting that no library does for us."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

WEEK = 7
MONTHS = 12
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A date without a year that lands later than this has just gone by.
FAR_DAYS = 300
YEAR_DAYS = 366
OPEN = ".."
NO_SUCH_DATE = "no_such_date"


@dataclass(frozen=True)
class Found:
    """What a phrase means.

    Attributes:
        value: See ``Entity.value``.
        info: See ``Entity.info``.
        kind: Another kind than the phrase's own, such as a day part of "mondays".
    """

    value: str | None = None
    info: dict[str, Any] = field(default_factory=dict)
    kind: str | None = None


def day(value: date) -> Found:
    """One certain day."""
    return Found(value.isoformat())


def either(*days: date) -> Found:
    """One of these days; only the patient knows which."""
    return Found(info={"candidates": [d.isoformat() for d in days]})


def span(first: date | None, last: date | None) -> str:
    """A range of days; None leaves an end open."""
    return "/".join(d.isoformat() if d else OPEN for d in (first, last))


def bounds(value: str | None) -> tuple[date | None, date | None]:
    """The first and last day of a value; None for an open or unknown end."""
    first, _, last = (value or f"{OPEN}/{OPEN}").partition("/")
    ends = [None if end == OPEN else date.fromisoformat(end) for end in (first, last or first)]
    return ends[0], ends[1]


def is_range(value: str | None) -> bool:
    """Whether a value is more than one day."""
    return value is not None and "/" in value


def week_of(today: date, ahead: int = 0) -> tuple[date, date]:
    """Monday and Sunday of the week of a day, or of one some weeks later."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
    return monday, monday + timedelta(days=WEEK - 1)


def month_of(today: date, ahead: int = 0) -> tuple[date, date]:
    """The first and last day of the month of a day, or of one some months later."""
    year, month = divmod(today.year * MONTHS + today.month - 1 + ahead, MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, 1), date(year, month + 1, last)


def edge(first: date, last: date, which: str | None) -> tuple[date, date]:
    """The early, middle or late part of a week or a month."""
    if which is None:
        return first, last
    if (last - first).days < WEEK:
        begins, ends = {"early": (0, 2), "middle": (1, 3), "late": (3, 5)}[which]
        return first + timedelta(days=begins), first + timedelta(days=ends)
    cuts = {"early": (first, first.replace(day=10)), "late": (first.replace(day=21), last)}
    return cuts.get(which, (first.replace(day=11), first.replace(day=20)))


def next_weekday(today: date, wanted: int) -> date:
    """The next such day, today included."""
    return today + timedelta(days=(wanted - today.weekday()) % WEEK)


def day_of_month(number: int, today: date) -> Found:
    """The next day of that number, "the 5th"."""
    first, last = month_of(today, 1 if number < today.day else 0)
    if not 1 <= number <= last.day:
        return Found()
    return day(first.replace(day=number))


def in_month(number: int, month: int, year: int | None, today: date) -> Found:
    """A day of a named month, which may just have gone by when no year is said."""
    longest = calendar.monthrange(year or 2000, month)[1]  # 2000: a year with 29 February
    if not 1 <= number <= longest:
        return Found(info={"fault": NO_SUCH_DATE, "said": f"{number} {calendar.month_name[month]}"})
    phrase = f"{number} {calendar.month_name[month]} {year or ''}".strip()
    parsed = parse(phrase, today)
    # dateparser moves 29 February to a day that there is.
    if parsed is None or parsed.day != number:
        return Found()
    just_gone = year is None and (parsed - today).days > FAR_DAYS
    if just_gone and (parsed - today).days > YEAR_DAYS:
        return Found()
    return day(parsed.replace(year=parsed.year - 1) if just_gone else parsed)


@lru_cache(maxsize=512)
def parse(phrase: str, today: date) -> date | None:
    """What dateparser takes a plain English phrase for; None for nothing."""
    import dateparser  # slow to import, and most messages hold no date

    settings: dict[str, Any] = {
        "RELATIVE_BASE": datetime(today.year, today.month, today.day),
        "PREFER_DATES_FROM": "future",
    }
    parsed = dateparser.parse(phrase, languages=["en"], settings=settings)
    return parsed.date() if parsed else None
