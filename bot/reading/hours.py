"""What a phrase about the time of day means, one function for each rule of the patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import NamedTuple

from bot.reading.days import Found
from bot.reading.words import NUMBERS

NOON = 12
DAY_HOURS = 24
HUNDRED = 100
# Nobody asks a clinic for half past two at night.
FIRST_MORNING_HOUR = 7
_AMPM = {"am": "am", "a.m": "am", "a.m.": "am", "pm": "pm", "p.m": "pm", "p.m.": "pm"}
_OPEN_END = {"after", "from", "past", "since"}
_OPEN_START = {"before", "by", "until"}
_MINUTES = {"half": 30, "thirty": 30, "fifteen": 15, "quarter": 15}
_SPLIT = ("-", "to", "until", "through", "and")

_PARTS = {
    ("morning", None): "-12:00",
    ("morning", "early"): "-10:00",
    ("morning", "late"): "10:00-12:00",
    ("afternoon", None): "12:00-17:00",
    ("afternoon", "early"): "12:00-15:00",
    ("afternoon", "late"): "15:00-17:00",
    ("evening", None): "17:00-",
    ("evening", "early"): "17:00-19:00",
    ("evening", "late"): "19:00-",
    ("night", None): "18:00-",
    ("night", "early"): "18:00-20:00",
    ("night", "late"): "20:00-",
}
_BUSY = {
    "work": ("-09:00", "17:00-"),
    "school": ("-08:30", "15:30-"),
    "class": ("-08:30", "15:30-"),
    "classes": ("-08:30", "15:30-"),
    "lunch": ("-12:00", "13:00-"),
    "dinner": ("-18:00", "18:00-"),
}
_WEEK_PARTS = {"weekday": "mon-fri", "weekend": "sat-sun", "daytime": "09:00-17:00"}


class Moment(NamedTuple):
    """What is said of a time of day."""

    hour: int
    minute: int | None
    half: str | None


def clock(said: list[str]) -> Found:
    """One moment: "2:30", "3 pm", "half past three", "noon"."""
    moment = _moment(said)
    value, assumed = _guessed(moment) if moment else (None, False)
    if value is None:
        return Found(kind="")
    return Found(f"{value:%H:%M}", {"assumed": True} if assumed else {})


def at(said: list[str]) -> Found:
    """A moment with what stands before it: "at 5", "after 5", "by noon"."""
    found = clock(said[1:])
    if found.value is None:
        return found
    if said[0] in _OPEN_END:
        return Found(f"{found.value}-", found.info)
    return Found(f"-{found.value}", found.info) if said[0] in _OPEN_START else found


def hours(said: list[str]) -> Found:
    """From one moment to another: "10-12", "between 3 and 5 pm"."""
    middle = next(i for i, w in enumerate(said) if w in _SPLIT and i)
    one, other = _moment(said[:middle]), _moment(said[middle + 1 :])
    is_list = said[middle] == "and" and said[0] not in {"between", "from"}
    if one is None or other is None or (is_list and other.half is None):
        return Found(kind="")
    last, assumed = _guessed(other)
    first = _guessed(one)[0] if one.half or assumed else _before(one, last)
    if first and last and last <= first:
        last = _later(last)
    if first is None or last is None or last <= first:
        return Found(kind="")
    return Found(f"{first:%H:%M}-{last:%H:%M}", {"assumed": True} if assumed else {})


def part(said: list[str]) -> Found:
    """A part of the day: "late afternoon", "after work", "first thing"."""
    if said[0] in {"after", "before"}:
        return Found(_BUSY[said[-1]][said[0] == "after"], {"own_hours": True})
    if said[:2] == ["first", "thing"]:
        return Found("-10:00")
    if said[0] == "lunch":
        return Found("12:00-13:00")
    if said[-1] in _AMPM:
        return Found("12:00-" if _AMPM[said[-1]] == "pm" else "-12:00")
    edge = next((w for w in said if w in {"early", "late", "middle"}), None)
    return Found(_PARTS.get((said[-1], edge), _PARTS[said[-1], None]))


def weekpart(said: list[str]) -> Found:
    """A part of the week, or the day as a whole."""
    last = said[-1] if said[-1] in _WEEK_PARTS else "".join(said[-2:])
    return Found(_WEEK_PARTS[last])


def limits(value: str) -> tuple[time, time]:
    """The first and last moment of a value; one moment is both.

    Raises:
        ValueError: when it is no value of a time.
    """
    first, dash, last = value.partition("-")
    begins = time.fromisoformat(first) if first else time.min
    if not dash:
        return begins, begins
    return begins, time.fromisoformat(last) if last else time.max


def _moment(said: list[str]) -> Moment | None:
    half = next((_AMPM[w] for w in said if w in _AMPM), None)
    if "noon" in said:
        return Moment(NOON, 0, "pm")
    numbers = [int(w) for w in said if w.isdecimal()]
    numbers += [NUMBERS.index(w) + 1 for w in said if w in NUMBERS]
    if not numbers:
        return None
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else None
    if hour >= HUNDRED:
        hour, minute = divmod(hour, HUNDRED)
    minute = next((_MINUTES[w] for w in said if w in _MINUTES), minute)
    if "quarter" in said and "to" in said:
        hour, minute = hour - 1 or NOON, 45
    return Moment(hour, minute, half)


def _guessed(said: Moment) -> tuple[time | None, bool]:
    """The time of day, and whether morning or afternoon was only assumed."""
    hour, minute = said.hour, said.minute or 0
    if hour >= DAY_HOURS or (said.half and hour > NOON):
        return None, False
    if said.half:
        return time(hour % NOON + (NOON if said.half == "pm" else 0), minute), False
    if hour >= NOON or hour == 0:
        return time(hour, minute), False
    return time(hour + NOON if hour < FIRST_MORNING_HOUR else hour, minute), True


def _before(said: Moment, last: time | None) -> time | None:
    """The latest such time before the end: 3 in "3-5 pm" is afternoon, 11 in "11-1 pm" is not."""
    if last is None or said.hour >= DAY_HOURS:
        return None
    hours_meant = {said.hour, said.hour % NOON, said.hour % NOON + NOON}
    readings = (time(hour, said.minute or 0) for hour in hours_meant)
    return max((reading for reading in readings if reading < last), default=None)


def _later(moment: time | None) -> time | None:
    if moment is None or moment.hour >= NOON:
        return None
    return moment.replace(hour=moment.hour + NOON)


RULES: dict[str, Callable[[list[str]], Found]] = {
    "clock": clock,
    "at": at,
    "hours": hours,
    "part": part,
    "weekpart": weekpart,
}
_TIME_VALUE = re.compile(r"(?:\d\d:\d\d)?-?(?:\d\d:\d\d)?")


def is_time(value: str) -> bool:
    """Whether a value is a time and not days of the week."""
    return _TIME_VALUE.fullmatch(value) is not None
