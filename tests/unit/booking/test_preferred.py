from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from bot.booking.fields import Fault, parse_preferred
from bot.reading import Entity, Read

# A Tuesday, 10 in the morning in Edmonton.
NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
ZONE = "America/Edmonton"
NOV, DEC = 11, 12
ENOUGH = """
any time|asap|whenever|soon|1st available|flexible|up to you|mornings|after 3pm|2:30|5ish|at 5
10-12|between 5 and 6|weekends only|next week|in january|after christmas
in the am|three pm|i work til 4 so after that|next wk|first thing|half past 3|after 17:00
"""


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("today", [(NOV, 24)]),
        ("tonight if you can", [(NOV, 24)]),
        ("tomorrow at 3", [(NOV, 25)]),
        ("tmrw after work", [(NOV, 25)]),
        ("tomorow pm", [(NOV, 25)]),
        ("day after tomorrow", [(NOV, 26)]),
        ("in 3 days", [(NOV, 27)]),
        ("in two weeks", [(DEC, 8)]),
        ("friday morning", [(NOV, 27)]),
        ("this fri", [(NOV, 27)]),
        ("wensday", [(NOV, 25)]),
        ("wed or thurs before noon", [(NOV, 25), (NOV, 26)]),
        ("next monday", [(NOV, 30)]),
        ("Nov 30th", [(NOV, 30)]),
        ("5 december", [(DEC, 5)]),
        ("2026-12-05", [(DEC, 5)]),
        ("15/12", [(DEC, 15)]),
        ("the 5th", [(DEC, 5)]),
        ("the 30th or dec 2", [(NOV, 30), (DEC, 2)]),
        ("Tuesday December 1st", [(DEC, 1)]),
        ("friday the 4th", [(DEC, 4)]),
        ("dec 24th or 26th", [(DEC, 24), (DEC, 26)]),
    ],
)
def test_a_certain_day_is_resolved(words: str, days: list[tuple[int, int]]) -> None:
    parsed = parse_preferred(words, NOW, ZONE).value
    assert parsed is not None
    assert parsed.words == words
    assert parsed.days == tuple(date(2026, month, day) for month, day in days)


@pytest.mark.parametrize(
    "words",
    [
        "tuesday",
        "next friday",
        "5/12",
        "not monday",
        "any day but friday",
        "i cant do mondays, wednesday is ok",
        "tuesdays and thursdays",
        "after the 5th",
        "dec 5 to dec 9",
        "Monday Dec 1",
        "13/13 at 5",
        "feb 29",
        "2nd week of december",
        "5.12.2026",
        "every friday",
    ],
)
def test_a_day_that_could_be_another_is_left_in_the_patients_words(words: str) -> None:
    parsed = parse_preferred(words, NOW, ZONE).value
    assert parsed is not None
    assert (parsed.words, parsed.days, parsed.text) == (words, (), words)


def test_a_not_that_limits_the_time_leaves_the_day_certain() -> None:
    parsed = parse_preferred("friday but not before 3", NOW, ZONE).value
    assert parsed is not None
    assert len(parsed.days) == 1
    parsed = parse_preferred("not friday and not before 3", NOW, ZONE).value
    assert parsed is not None
    assert parsed.days == ()


@pytest.mark.parametrize("words", ["any time yesterday", "last week", "november 20, any time"])
def test_any_time_of_a_day_gone_by_is_past(words: str) -> None:
    assert parse_preferred(words, NOW, ZONE).fault is Fault.PAST


def test_any_other_day_makes_up_for_one_that_cannot_be() -> None:
    assert parse_preferred("31 november or any day", NOW, ZONE).value is not None


@pytest.mark.parametrize("words", ENOUGH.strip().replace("\n", "|").split("|"))
def test_times_and_no_preference_are_enough(words: str) -> None:
    parsed = parse_preferred(words, NOW, ZONE).value
    assert parsed is not None
    assert parsed.words == words


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.MISSING),
        ("  ", Fault.MISSING),
        ("banana", Fault.UNCLEAR),
        ("???", Fault.UNCLEAR),
        ("5", Fault.UNCLEAR),
        ("25:99", Fault.UNCLEAR),
        ("i want it", Fault.UNCLEAR),
        ("yesterday", Fault.PAST),
        ("last week", Fault.PAST),
        ("yesterday morning", Fault.PAST),
        ("last monday", Fault.PAST),
        ("3 weeks ago", Fault.PAST),
        ("nov 20", Fault.PAST),
        ("march 3 2020", Fault.PAST),
    ],
)
def test_what_is_no_preference_says_why(text: str, fault: Fault) -> None:
    assert parse_preferred(text, NOW, ZONE).fault is fault


def test_a_future_day_beside_a_past_one_counts() -> None:
    parsed = parse_preferred("i missed last monday, can i come friday", NOW, ZONE).value
    assert parsed is not None
    assert parsed.days == (date(2026, NOV, 27),)


def test_days_are_counted_where_the_clinic_is() -> None:
    late_evening = datetime(2026, 11, 25, 4, 0, tzinfo=timezone.utc)
    in_edmonton = parse_preferred("tomorrow", late_evening, ZONE).value
    in_london = parse_preferred("tomorrow", late_evening, "Europe/London").value
    assert in_edmonton is not None
    assert in_london is not None
    assert (in_edmonton.days[0].day, in_london.days[0].day) == (25, 26)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("next week", "Monday 30 November 2026 to Sunday 6 December 2026"),
        ("early next week", "Monday 30 November 2026 to Wednesday 2 December 2026"),
        ("end of the month", "Tuesday 24 November 2026 to Monday 30 November 2026"),
        (
            "next week but not friday",
            "Monday 30 November 2026 to Sunday 6 December 2026, without Friday 4 December 2026",
        ),
        ("friday next week", "Friday 4 December 2026"),
        ("tues or thurs morning", "Thursday 26 November 2026"),
        ("the 3rd at 2:30", "Thursday 3 December 2026"),
        ("christmas eve", "Thursday 24 December 2026"),
    ],
)
def test_the_text_shows_what_the_words_mean_today(words: str, note: str) -> None:
    parsed = parse_preferred(words, NOW, ZONE).value
    assert parsed is not None
    assert parsed.text == f"{words} ({note})"


@pytest.mark.parametrize(
    "words", ["not next week", "next week but not the 20th", "any weekday after work", "in january"]
)
def test_a_period_in_doubt_or_plain_is_left_in_the_patients_words(words: str) -> None:
    parsed = parse_preferred(words, NOW, ZONE).value
    assert parsed is not None
    assert parsed.text == words


@pytest.mark.parametrize(
    ("text", "day"), [("31 November", "31 November"), ("feb 30 at 3", "30 February")]
)
def test_a_day_that_never_comes_is_no_date(text: str, day: str) -> None:
    parsed = parse_preferred(text, NOW, ZONE)
    assert (parsed.fault, parsed.told) == (Fault.NO_SUCH_DATE, {"day": day})


@pytest.mark.parametrize("text", ["31 november or dec 1", "nov 31 or any time", "31 nov, mondays"])
def test_one_day_that_comes_is_enough(text: str) -> None:
    assert parse_preferred(text, NOW, ZONE).value is not None


def test_what_was_read_before_is_not_read_again() -> None:
    seen = Read("friday", (Entity("date", 0, 6, "friday", "2026-12-04"),))
    parsed = parse_preferred("friday", NOW, ZONE, seen).value
    assert parsed is not None
    assert parsed.days == (date(2026, DEC, 4),)


def test_the_text_shows_the_day_once_however_often_it_is_read() -> None:
    text = "friday am"
    for _ in range(2):
        parsed = parse_preferred(text, NOW, ZONE).value
        assert parsed is not None
        text = parsed.text
    assert text == "friday am (Friday 27 November 2026)"
