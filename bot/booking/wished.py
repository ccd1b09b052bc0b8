"""The days of a wish, read from how it is kept: "friday am (Friday 27 November 2026)"."""

from __future__ import annotations

import re
from datetime import date, datetime

_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day (\d{1,2} [A-Z][a-z]+ \d{4})\b")
_SPAN = re.compile(rf"{_DAY.pattern} to {_DAY.pattern}|{_DAY.pattern}")
_WITHOUT = re.compile(r", without .*$", re.DOTALL)
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed|weds|wednes|thur?|thurs|fri|sat|satur|sun)(?:days?)?\b",
    re.IGNORECASE,
)
# With one of these the wish may mean days that are not written out.
_OPEN = re.compile(
    r"\b(?:any|every|each|all|most|whenever|whatever|flexible|asap|soon\w*|earl\w*|weekdays?|"
    r"weekends?|mornings|afternoons|evenings|nights|(?:mon|tues|wednes|thurs|fri|satur|sun)days|"
    r"onwards?|later|from|since|starting|not|except|but|or|until|through|"
    r"after(?!\s+(?:\d|noon|lunch|work|school))|before(?!\s+(?:\d|noon|lunch|work|school)))\b",
    re.IGNORECASE,
)


def wished_days(preferred: str) -> tuple[date, ...]:
    """The days written out in a wish, in order; the ends of a period only.

    Args:
        preferred: As ``bot.booking.preferred.Preferred.text`` gives it.
    """
    read = (_as_day(found) for found in _DAY.findall(_WITHOUT.sub("", preferred)))
    return tuple(sorted({found for found in read if found is not None}))


def wished_periods(preferred: str) -> tuple[tuple[date, date], ...]:
    """The days and periods written out in a wish, each as its first and last day.

    Args:
        preferred: As ``bot.booking.preferred.Preferred.text`` gives it.
    """
    spans = _SPAN.findall(_WITHOUT.sub("", preferred))
    read = ((_as_day(first or only), _as_day(last or only)) for first, last, only in spans)
    return tuple(sorted({(a, b) for a, b in read if a is not None and b is not None and a <= b}))


def last_wished_day(preferred: str) -> date | None:
    """The day after which a wish is over; None when it may also mean other days.

    Careful on purpose: a wish that never ends waits for staff, one that ends too soon is lost.
    """
    days = wished_days(preferred)
    words = preferred.partition(" (")[0]
    if not days or _OPEN.search(_without_joining_or(words, len(days))):
        return None
    is_period = " to " in preferred.partition(" (")[2]
    return None if len(weekdays_in(words)) > len(days) and not is_period else days[-1]


def weekdays_in(text: str) -> frozenset[str]:
    """The days of the week that a text names, as "mon" to "sun"."""
    return frozenset(found[:3].lower() for found in _WEEKDAY.findall(text))


def _without_joining_or(words: str, days: int) -> str:
    """In "thursday or friday" the "or" joins days that are all written out."""
    joins = len(re.findall(r"\bor\b", words, re.IGNORECASE))
    return re.sub(r"\bor\b", "", words, flags=re.IGNORECASE) if joins == days - 1 else words


def _as_day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d %B %Y").date()
    except ValueError:
        return None
