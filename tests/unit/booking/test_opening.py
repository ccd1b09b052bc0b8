from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.booking.opening import Doors, closed_among, named, refusal
from bot.reading import read
from bot.reading.parsed import Fault

ZONE = "America/Edmonton"
# A Tuesday.
MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo(ZONE))
EVENING = MORNING.replace(hour=20)
WEEK = "Mon-Fri 9:00-19:00, Sat 10:00-15:00, Sun closed"
CHRISTMAS = date(2026, 12, 25)


def _opening(day: date) -> tuple[time, time] | None:
    if day.weekday() == 6 or day == CHRISTMAS:
        return None
    return (time(10), time(15)) if day.weekday() == 5 else (time(9), time(19))


def _is_closed(day: date) -> bool:
    return _opening(day) is None


DOORS = Doors(_is_closed, _opening, WEEK)


def _refusal(text: str, now: datetime = MORNING, doors: Doors = DOORS) -> tuple[str, str] | None:
    refused = refusal(read(text, now, ZONE, "AB").entities, now, doors)
    if refused is None or refused.fault is None:
        return None
    return refused.fault.value, ", ".join(refused.told.values())


@pytest.mark.parametrize(
    "text",
    [
        "friday",
        "friday at 3",
        "friday after 6",
        "friday until 10",
        "any weekday after work",
        "before work",
        "sat or sun",
        "saturday morning",
        "sunday at 3 or friday at 10",
        "weekends only",
        "next week",
        "not sunday",
        "tuesday",
        "5/12",
        "31 november or dec 1",
        "after christmas",
        "today at 5",
        "this evening",
        "between 6 and 9 pm",
        "any time",
    ],
)
def test_a_time_that_may_do_is_not_refused(text: str) -> None:
    assert _refusal(text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("sunday", "on Sunday 29 November"),
        ("sunday or the 25th of december", "on Sunday 29 November and Friday 25 December"),
        ("christmas day at 3", "on Friday 25 December"),
        ("sundays", "on Sundays"),
        ("any sunday morning", "on Sundays"),
    ],
)
def test_a_closed_day_is_refused_by_its_name(text: str, days: str) -> None:
    assert _refusal(text) == (Fault.CLOSED.value, days)


def test_many_closed_days_are_not_counted_up() -> None:
    shut = Doors(lambda day: True)
    assert _refusal("next week", doors=shut) == (Fault.CLOSED.value, "then")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("friday at 8pm", "Friday 27 November: 9:00-19:00"),
        ("friday at 8", "Friday 27 November: 9:00-19:00"),
        ("friday at 7pm", "Friday 27 November: 9:00-19:00"),
        ("saturday evening", "Saturday 28 November: 10:00-15:00"),
        ("fri or sat at 9pm", "Friday 27 November: 9:00-19:00, Saturday 28 November: 10:00-15:00"),
        ("sat or sun at 5pm", "Saturday 28 November: 10:00-15:00"),
        ("jan 5 at 6am", "Tuesday 5 January 2027: 9:00-19:00"),
        ("at 9pm", WEEK),
        ("at 7", WEEK),
        ("weekends at 4pm", WEEK),
        ("next week at 6am", WEEK),
        ("today at 8am or at 9pm", "Tuesday 24 November: 9:00-19:00"),
    ],
)
def test_a_time_outside_the_hours_is_refused_with_the_hours(text: str, hours: str) -> None:
    refused = _refusal(text)
    assert refused == (Fault.OUTSIDE.value, hours)


@pytest.mark.parametrize("text", ["today", "tonight", "this evening", "today at 6pm", "nov 24"])
def test_today_after_closing_is_refused(text: str) -> None:
    assert _refusal(text, EVENING) == (Fault.OVER.value, "9:00-19:00")


@pytest.mark.parametrize("text", ["today or tomorrow", "this week", "any time", "mornings"])
def test_a_later_day_beside_today_may_do(text: str) -> None:
    assert _refusal(text, EVENING) is None


@pytest.mark.parametrize("text", ["today at 9am", "today before 10am"])
def test_an_hour_of_today_that_is_gone_is_past(text: str) -> None:
    assert _refusal(text) == (Fault.PAST.value, "")


@pytest.mark.parametrize("text", ["sunday", "friday at 3am", "today"])
def test_nothing_is_refused_while_the_hours_are_not_stated(text: str) -> None:
    assert _refusal(text, EVENING, Doors(lambda day: False)) is None


def test_closed_days_are_told_from_the_others() -> None:
    days = [date(2026, 11, 28), date(2026, 11, 29)]
    assert closed_among(days, DOORS) == (date(2026, 11, 29),)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([date(2026, 11, 29)], "Sunday 29 November"),
        ([date(2026, 11, 28), date(2027, 1, 1)], "Saturday 28 November and Friday 1 January 2027"),
    ],
)
def test_days_are_named_as_one_says_them(days: list[date], words: str) -> None:
    assert named(days, MORNING) == words
