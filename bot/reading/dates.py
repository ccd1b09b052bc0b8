"""What a phrase about days means, one function for each rule of ``bot.reading.patterns``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.reading.days import (
    DAY_NAMES,
    MONTHS,
    OPEN,
    WEEK,
    Found,
    day,
    day_of_month,
    edge,
    either,
    in_month,
    month_of,
    next_weekday,
    parse,
    span,
    week_of,
)
from bot.reading.entity import DAY_PART
from bot.reading.named_days import named_day
from bot.reading.words import MONTHS as MONTH_NAMES
from bot.reading.words import NUMBERS, ORDINALS, WEEKDAYS

SATURDAY = 5
YEAR_DIGITS = 4
_EDGES = ("early", "middle", "late")
# Both are verbs or names of people without a word that makes them months.
_NOT_ALONE = {"may", "march"}


@dataclass(frozen=True)
class Phrase:
    """A matched phrase.

    Attributes:
        words: Its words in canonical form.
        today: The day it is said, at the clinic.
        province: Whose holidays are meant.
    """

    words: list[str]
    today: date
    province: str

    @property
    def month(self) -> int | None:
        """The month said, from 1."""
        return next((MONTH_NAMES.index(w) + 1 for w in self.words if w in MONTH_NAMES), None)

    @property
    def weekday(self) -> int | None:
        """The weekday said, from 0 for Monday."""
        return next((WEEKDAYS.index(w) for w in self.words if w in WEEKDAYS), None)

    @property
    def numbers(self) -> list[int]:
        """The small numbers, and the ordinals in words."""
        counted = [w for w in self.words if w.isdecimal() and len(w) < YEAR_DIGITS]
        return [int(w) for w in counted] or [
            ORDINALS.index(w) + 1 for w in self.words if w in ORDINALS
        ]

    @property
    def year(self) -> int | None:
        """The year said."""
        return next((int(w) for w in self.words if w.isdecimal() and len(w) == YEAR_DIGITS), None)

    @property
    def edge(self) -> str | None:
        """Early, middle or late."""
        return next((w for w in self.words if w in _EDGES), None)

    def has(self, *words: str) -> bool:
        """Whether one of the words is in it."""
        return any(word in self.words for word in words)


def _date(said: Phrase) -> Found:
    found = in_month(said.numbers[0], said.month or 1, said.year, said.today)
    return _on_weekday(said, found)


def _dated(said: Phrase) -> Found:
    return _on_weekday(said, day_of_month(said.numbers[0], said.today))


def _on_weekday(said: Phrase, found: Found) -> Found:
    """A weekday and a date that do not fit each other are no certain day."""
    if found.value is None or said.weekday in {None, date.fromisoformat(found.value).weekday()}:
        return found
    return Found()


def _iso(said: Phrase) -> Found:
    month, number = said.numbers
    if not 1 <= month <= MONTHS:
        return Found()
    return in_month(number, month, said.year, said.today)


def _slashed(said: Phrase) -> Found:
    small, large = sorted(said.numbers[:2])
    # 5/12 is May to one patient and December to another; 15/12 can be read in one way.
    if not small <= MONTHS < large:
        return Found()
    return in_month(large, small, said.year, said.today)


def _ordinal(said: Phrase) -> Found:
    return day_of_month(said.numbers[0], said.today)


def _days(said: Phrase) -> Found:
    ends = [in_month(n, said.month or 1, said.year, said.today) for n in said.numbers[:2]]
    first, last = (end.value for end in ends)
    if first is None or last is None or first > last:
        return next((end for end in ends if end.info), Found())
    return Found(f"{first}/{last}")


def _weekday(said: Phrase) -> Found:
    wanted = said.weekday or 0
    if said.has("every", "each"):
        return _weekly(said)
    coming = next_weekday(said.today, wanted)
    if said.has("last", "past"):
        return day(coming - timedelta(weeks=1))
    later = coming + timedelta(weeks=1)
    # On a Tuesday "Tuesday" may be today or in a week. Within this week "next Friday" may be
    # this one or the one after. Only the clinic can ask.
    is_near = coming == said.today or (said.has("next") and wanted > said.today.weekday())
    return either(coming, later) if is_near else day(coming)


def _weekly(said: Phrase) -> Found:
    return Found(DAY_NAMES[said.weekday or 0], kind=DAY_PART)


def _near(said: Phrase) -> Found:
    ahead = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "night": -1}[said.words[-1]]
    beyond = {"after": 1, "before": -1}
    return day(said.today + timedelta(days=ahead + sum(beyond.get(w, 0) for w in said.words)))


def _ahead(said: Phrase) -> Found:
    """In two weeks; a week from Friday."""
    start = said.today
    if said.weekday is not None:
        start = next_weekday(said.today + timedelta(days=1), said.weekday)
    elif said.has("tomorrow"):
        start += timedelta(days=1)
    found = parse(f"in {_count(said)} {_unit(said)}", start)
    if found is None:
        return Found()
    return Found(span(said.today, found)) if said.has("within") else day(found)


def _ago(said: Phrase) -> Found:
    found = parse(f"{_count(said)} {_unit(said)} ago", said.today)
    return day(found) if found else Found(span(None, said.today - timedelta(days=1)))


def _count(said: Phrase) -> int:
    words = {"couple": 2, "few": 3, **{w: n for n, w in enumerate(NUMBERS, 1)}}
    return (said.numbers or [words[w] for w in said.words if w in words] or [1])[0]


def _unit(said: Phrase) -> str:
    return next(w for w in said.words if w in {"day", "week", "month", "year"})


def _period(said: Phrase) -> Found:
    ahead = 1 if said.has("next", "following") else -1 if said.has("last", "past") else 0
    ahead += said.has("after")
    if said.has("weekend"):
        return _weekend(said, ahead)
    if said.has("year"):
        year = said.today.year + ahead
        return _clipped(said, date(year, 1, 1), date(year, MONTHS, 31))
    whole = month_of if said.has("month") else week_of
    return _clipped(said, *edge(*whole(said.today, ahead), said.edge))


def _weekend(said: Phrase, ahead: int) -> Found:
    saturday, sunday = week_of(said.today)[0] + timedelta(days=SATURDAY), week_of(said.today)[1]
    if ahead > 0:
        # Before the weekend "next weekend" is this one to some and the one after to others.
        return either(*(s + timedelta(weeks=w) for w in (0, 1) for s in (saturday, sunday)))
    shift = timedelta(weeks=ahead)
    return _clipped(said, saturday + shift, sunday + shift)


def _clipped(said: Phrase, first: date, last: date) -> Found:
    """A range that has begun starts today; a relative one means less with every day that passes."""
    if first <= said.today <= last:
        first = said.today
    return Found(span(first, last), {"relative": True})


def _week_of(said: Phrase) -> Found:
    found = _date(said) if said.month else _ordinal(said)
    if found.value is None:
        return found
    return Found(span(*week_of(date.fromisoformat(found.value))))


def _nth_week(said: Phrase) -> Found:
    is_last = said.has("last")
    first, last = _month_said(replace(said, words=[w for w in said.words if w != "last"]))
    if is_last:
        return Found(span(last - timedelta(days=WEEK - 1), last))
    begins = first + timedelta(weeks=said.numbers[0] - 1)
    if begins > last:
        return Found()
    return Found(span(begins, min(begins + timedelta(days=WEEK - 1), last)))


def _month(said: Phrase) -> Found:
    if len(said.words) == 1 and said.words[0] in _NOT_ALONE:
        return Found(kind="")
    first, last = edge(*_month_said(said), said.edge)
    return Found(span(max(first, said.today) if last >= said.today else first, last))


def _month_said(said: Phrase) -> tuple[date, date]:
    month = said.month or 1
    year = said.year or said.today.year + (month < said.today.month)
    return month_of(date(year - said.has("last"), month, 1))


def _holiday(said: Phrase) -> Found:
    return named_day([w for w in said.words if w.isalpha()], said.today, said.province)


RULES: dict[str, Callable[[Phrase], Found]] = {
    "date": _date,
    "dated": _dated,
    "iso": _iso,
    "slashed": _slashed,
    "ordinal": _ordinal,
    "days": _days,
    "weekday": _weekday,
    "weekly": _weekly,
    "near": _near,
    "ahead": _ahead,
    "ago": _ago,
    "period": _period,
    "week_of": _week_of,
    "nth_week": _nth_week,
    "month": _month,
    "holiday": _holiday,
}
__all__ = ["OPEN", "RULES", "Phrase"]
