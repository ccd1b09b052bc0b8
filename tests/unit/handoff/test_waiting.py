from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.content import ClinicProfile
from bot.handoff.waiting import due_at

ZONE = ZoneInfo("America/Edmonton")
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "9:00-17:00")
HOURS = {**WEEK, "sat": "10:00-12:00", "sun": "closed"}


def _clinic(**facts: Any) -> ClinicProfile:
    return ClinicProfile(**{"name": "X", "phone": "780-555-0100", "hours": HOURS, **facts})


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# The 5th of November 2026 is a Thursday, the 8th a Sunday.
@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-05T10:00", 15, "2026-11-05T10:15"),
        ("2026-11-05T16:45", 15, "2026-11-05T17:00"),
        ("2026-11-05T16:50", 15, "2026-11-06T09:05"),
        ("2026-11-05T17:00", 15, "2026-11-06T09:15"),
        ("2026-11-05T22:30", 15, "2026-11-06T09:15"),
        ("2026-11-05T03:00", 15, "2026-11-05T09:15"),
        ("2026-11-06T16:59:30", 1, "2026-11-07T10:00:30"),
        ("2026-11-07T11:59", 15, "2026-11-09T09:14"),
        ("2026-11-08T12:00", 15, "2026-11-09T09:15"),
        ("2026-11-06T16:00", 240, "2026-11-09T10:00"),
    ],
)
def test_minutes_count_while_the_clinic_is_open(start: str, minutes: int, due: str) -> None:
    assert due_at(_clinic(), _at(start), minutes) == _at(due)


def test_closures_and_holidays_do_not_count() -> None:
    closed = _clinic(closures=[date(2026, 11, 6)], closed_on_statutory_holidays=True)
    # Friday is a closure of its own, Wednesday the 11th is Remembrance Day.
    assert due_at(closed, _at("2026-11-05T16:50"), 15) == _at("2026-11-07T10:05")
    assert due_at(closed, _at("2026-11-10T16:50"), 15) == _at("2026-11-12T09:05")
    assert due_at(_clinic(), _at("2026-11-10T16:50"), 15) == _at("2026-11-11T09:05")


@pytest.mark.parametrize("facts", [{"hours": None}, {"hours": dict.fromkeys(HOURS, "closed")}])
def test_without_hours_minutes_are_minutes(facts: dict[str, Any]) -> None:
    start = _at("2026-11-05T22:30")
    assert due_at(_clinic(**facts), start, 15) == start + timedelta(minutes=15)


def test_an_hour_is_an_hour_where_the_clocks_change() -> None:
    night = _clinic(hours={**HOURS, "sun": "1:00-5:00"})
    # On 1 November 2026 the clocks go back at two, on 8 March 2026 they go forward.
    assert due_at(night, _at("2026-11-01T00:30"), 120) == _at("2026-11-01T02:00")
    assert due_at(night, _at("2026-03-08T00:30"), 120) == _at("2026-03-08T04:00")
