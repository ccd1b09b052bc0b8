"""Hours that only the day before them tells, said on one Wednesday in Edmonton."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.reading import read

# A Wednesday; the coming Tuesday is 1 December.
NOW = datetime(2026, 11, 25, 17, 0, tzinfo=timezone.utc)


def _values(text: str) -> list[tuple[str, str | None]]:
    found = read(text, NOW, "America/Edmonton", "AB").entities
    return [(entity.kind, entity.value) for entity in found]


TUESDAY = ("date", "2026-12-01")
TEN = ("time", "10:00")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("book tuesday 10", [TUESDAY, TEN]),
        ("tuesday, 10 please", [TUESDAY, TEN]),
        ("Tuesday ten?", [TUESDAY, TEN]),
        ("can i come tues 2", [TUESDAY, ("time", "14:00")]),
        ("tomorrow 12 works", [("date", "2026-11-26"), ("time", "12:00")]),
        ("dec 3 4", [("date", "2026-12-03"), ("time", "16:00")]),
        ("tuesday 10.30", [TUESDAY, ("time", "10:30")]),
        ("tuesday 1030", [TUESDAY, ("time", "10:30")]),
        ("mardi 14h", [TUESDAY, ("time", "14:00")]),
        ("tuesday 10 or 2", [TUESDAY, TEN, ("time", "14:00")]),
        (
            "tuesday 10, friday 3",
            [TUESDAY, TEN, ("date", "2026-11-27"), ("time", "15:00")],
        ),
    ],
)
def test_a_bare_number_behind_a_day_is_an_hour_of_that_day(
    text: str, values: list[tuple[str, str | None]]
) -> None:
    assert _values(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "tuesday 2 people",
        "tuesday 3 times a week",
        "the tuesday one",
        "tuesday 10 %",
        "tuesday 2 555",
        "tuesday 0",
        "tuesday 99",
    ],
)
def test_what_is_counted_is_no_hour(text: str) -> None:
    assert _values(text) == [TUESDAY]


def test_a_phone_is_no_hour() -> None:
    assert [kind for kind, _ in _values("book tuesday 780 555 0134")] == ["date", "phone"]


def test_a_number_beyond_the_clock_is_the_day_of_the_month() -> None:
    assert _values("tuesday 15") == [("date", "2026-12-15")]
    assert _values("tuesday 16") == [("date", None)]


def test_an_hour_that_may_be_the_day_of_the_month_is_left_open() -> None:
    # Friday 4 December is the next fourth, and a Friday.
    assert _values("friday 4") == [("date", None), ("time", None)]
    # The coming Tuesday is the first: the day is certain, and the hour is not.
    assert _values("tuesday 1") == [TUESDAY, ("time", None)]


def test_yesterday_has_no_hour_to_come() -> None:
    assert _values("yesterday 4") == [("date", "2026-11-24")]
