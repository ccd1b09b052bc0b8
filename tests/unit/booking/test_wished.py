from __future__ import annotations

from datetime import date

import pytest

from bot.booking.wished import last_wished_day, weekdays_in, wished_days

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


@pytest.mark.parametrize(
    ("preferred", "last"),
    [
        ("friday am (Friday 27 November 2026)", FRIDAY),
        ("friday after 4 (Friday 27 November 2026)", FRIDAY),
        ("before noon on friday (Friday 27 November 2026)", FRIDAY),
        ("Friday 27 November 2026", FRIDAY),
        ("fri or sat (Friday 27 November 2026, Saturday 28 November 2026)", SATURDAY),
        (
            "next week but not friday (Monday 30 November 2026 to Sunday 6 December 2026, "
            "without Friday 4 December 2026)",
            None,
        ),
        ("next week (Monday 30 November 2026 to Sunday 6 December 2026)", date(2026, 12, 6)),
        ("weekday mornings", None),
        ("any time", None),
        ("friday or any monday (Friday 27 November 2026)", None),
        ("friday or later (Friday 27 November 2026)", None),
        ("friday or tuesday (Friday 27 November 2026)", None),
        ("tuesday, friday (Friday 27 November 2026)", None),
        ("fridays, the 27th (Friday 27 November 2026)", None),
        ("after friday (Friday 27 November 2026)", None),
        ("Friday 31 November 2026", None),
        ("", None),
    ],
)
def test_a_wish_ends_only_when_it_can_mean_no_other_day(preferred: str, last: date | None) -> None:
    assert last_wished_day(preferred) == last


def test_days_that_do_not_suit_are_not_wished() -> None:
    preferred = "next week (Monday 30 November 2026, without Friday 4 December 2026)"
    assert wished_days(preferred) == (date(2026, 11, 30),)


def test_days_of_the_week_are_read_in_any_form() -> None:
    text = "Tues, weds or thurs; Saturdays; not the sunny month"
    assert weekdays_in(text) == {"tue", "wed", "thu", "sat"}
    assert weekdays_in("Wednesday monday FRI sun saturday tuesday thursday") == {
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }
