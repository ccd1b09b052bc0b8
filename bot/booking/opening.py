"""Whether the clinic is open when the patient would like to come, and what to say when not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.reading import DATE, DAY_PART, TIME, Entity
from bot.reading.days import DAY_NAMES, bounds
from bot.reading.hours import is_time, limits
from bot.reading.parsed import Fault, Parsed

# The days meant by "any morning" and by "after the 5th".
AHEAD = 14
LONGEST = 92
NAMED = 3
HALF_A_DAY = 12
Span = tuple[time, time]
# Faults that are worth telling however the wish was put: "can I come on Sunday?"
TOLD = frozenset({Fault.CLOSED, Fault.OUTSIDE, Fault.OVER, Fault.NO_SUCH_DATE})


@dataclass(frozen=True)
class Doors:
    """When the clinic is open.

    Attributes:
        is_closed: Whether it is shut on a day, whatever the hour.
        opening: The hours of a day; None when it is shut or has not stated its hours.
        week: All hours in words, such as "Mon-Fri 9:00-19:00".
    """

    is_closed: Callable[[date], bool]
    opening: Callable[[date], Span | None] = lambda day: None
    week: str = ""


def refusal(whens: Sequence[Entity], now: datetime, doors: Doors) -> Parsed[str] | None:
    """Why the clinic can be at none of these times.

    Args:
        whens: The dates, times and day parts said.
        now: The present moment, at the clinic.
        doors: When the clinic is open.

    Returns:
        CLOSED, OUTSIDE, OVER or PAST, and what to tell; None when one of the times may do, or when
        it is not certain what is meant.
    """
    days = _days(whens, now.date())
    open_days = [day for day in days if not doors.is_closed(day)]
    if days and not open_days:
        return Parsed(fault=Fault.CLOSED, told={"days": _said(days, whens, now)})
    times = list(_times(whens))
    if not days or any(_fits(day, times, now, doors) for day in open_days):
        return None
    opening = doors.opening(now.date())
    if open_days == [now.date()] and opening:
        if now.time() >= opening[1]:
            return Parsed(fault=Fault.OVER, told={"hours": clocks(opening)})
        has_passed = times and all(last <= now.time() for said in times for _, last in said)
        if has_passed or _fits(now.date(), times, now.replace(hour=0, minute=0), doors):
            return Parsed(fault=Fault.PAST)
    return Parsed(fault=Fault.OUTSIDE, told={"hours": _hours(open_days, whens, now, doors)})


def closed_among(days: Sequence[date], doors: Doors) -> tuple[date, ...]:
    """The days on which the clinic is shut."""
    return tuple(day for day in days if doors.is_closed(day))


def named(days: Sequence[date], now: datetime) -> str:
    """Days as one says them: "Saturday 28 November and Sunday 29 November"."""
    words = [f"{d:%A} {d.day} {d:%B}" + (f" {d.year}" if d.year != now.year else "") for d in days]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _days(whens: Sequence[Entity], today: date) -> list[date]:
    """The days that may be meant, in order; none when one of them is not known."""
    wanted = [e for e in whens if not e.is_excluded]
    weekdays = {d for e in wanted for d in _weekdays(e)}
    left_out = {day for e in whens if e.is_excluded for day in _span(e, today) or ()}
    never = {d for e in whens if e.is_excluded for d in _weekdays(e)}
    spans = [_span(e, today) for e in wanted if e.kind == DATE]
    if any(span is None for span in spans):
        return []
    days = {day for span in spans for day in span or ()}
    if not spans:
        days = {today + timedelta(days=n) for n in range(AHEAD)}
    if weekdays and all(len(span or ()) != 1 for span in spans):
        days = {day for day in days if day.weekday() in weekdays}
    return sorted(day for day in days - left_out if day >= today and day.weekday() not in never)


def _span(entity: Entity, today: date) -> list[date] | None:
    """The days of a date; None when it is not known which."""
    if entity.kind != DATE:
        return []
    if entity.value is None:
        candidates = entity.info.get("candidates")
        if entity.info.get("fault"):
            return []
        return [date.fromisoformat(day) for day in candidates] if candidates else None
    first, last = bounds(entity.value)
    begins = max(first or today, today)
    ends = last or begins + timedelta(days=AHEAD - 1)
    length = min((ends - begins).days + 1, LONGEST)
    return [begins + timedelta(days=n) for n in range(length)]


def _weekdays(entity: Entity) -> Iterator[int]:
    """The days of the week of a day part: 0 to 4 for "mon-fri"."""
    if entity.kind != DAY_PART or entity.value is None or is_time(entity.value):
        return
    first, _, last = entity.value.partition("-")
    begins, ends = DAY_NAMES.index(first), DAY_NAMES.index(last or first)
    yield from ((begins + n) % len(DAY_NAMES) for n in range((ends - begins) % len(DAY_NAMES) + 1))


def _times(whens: Sequence[Entity]) -> Iterator[list[Span]]:
    """Each time that suits, in all its readings: "at 8" is in the morning or in the evening."""
    for entity in whens:
        is_said = entity.kind in {TIME, DAY_PART} and entity.value and not entity.is_excluded
        # Nobody but the patient knows when the work begins.
        own = entity.info.get("own_hours") and str(entity.value).startswith("-")
        if is_said and not own and is_time(str(entity.value)):
            first, last = limits(str(entity.value))
            readings = [(first, last)]
            if entity.info.get("assumed"):
                readings.append((_other_half(first), _other_half(last)))
            yield [reading for reading in readings if reading[0] <= reading[1]]


def _other_half(moment: time) -> time:
    if moment in {time.min, time.max}:
        return moment
    return moment.replace(hour=(moment.hour + HALF_A_DAY) % (2 * HALF_A_DAY))


def _fits(day: date, times: list[list[Span]], now: datetime, doors: Doors) -> bool:
    opening = doors.opening(day)
    if opening is None:
        return True
    opens, closes = opening
    if day == now.date():
        opens = max(opens, now.time())
    if opens >= closes:
        return False
    return not times or any(
        first < closes and (last > opens or first == last >= opens)
        for readings in times
        for first, last in readings
    )


def _said(days: list[date], whens: Sequence[Entity], now: datetime) -> str:
    if not any(e.kind == DATE for e in whens):
        by_weekday = sorted(days, key=lambda day: day.weekday())
        return "on " + " and ".join(dict.fromkeys(f"{day:%A}s" for day in by_weekday))
    return f"on {named(days, now)}" if len(days) <= NAMED else "then"


def _hours(days: list[date], whens: Sequence[Entity], now: datetime, doors: Doors) -> str:
    if len(days) > NAMED or not any(e.kind == DATE for e in whens):
        return doors.week
    spans = ((day, doors.opening(day)) for day in days)
    return ", ".join(f"{named([day], now)}: {clocks(span)}" for day, span in spans if span)


def clocks(span: Span) -> str:
    """Hours as the clinic's profile writes them: "9:00-19:00"."""
    return "-".join(f"{moment.hour}:{moment.minute:02}" for moment in span)
