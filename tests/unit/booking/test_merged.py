from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.booking.answers import Asked, read_answer
from bot.booking.merged import words_in
from bot.booking.opening import Doors

# A Tuesday, ten in the morning at the clinic.
NOW = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)
THURSDAY, FRIDAY = "Thursday 26 November 2026", "Friday 27 November 2026"


def _asked(preferred: str, requested: str = "name") -> Asked:
    doors = Doors(lambda day: day.weekday() == 6)
    return Asked(requested, False, NOW, "America/Edmonton", doors, kept={"preferred": preferred})


@pytest.mark.parametrize(
    ("kept", "said", "wish"),
    [
        (
            f"thursday at 3pm ({THURSDAY})",
            "change the time to 4pm",
            f"thursday at 4pm ({THURSDAY})",
        ),
        (f"thursday at 3pm ({THURSDAY})", "make it 4pm", f"thursday at 4pm ({THURSDAY})"),
        (f"thursday ({THURSDAY})", "make it after 4", f"thursday after 4 ({THURSDAY})"),
        (f"thursday ({THURSDAY})", "make it the morning", f"thursday morning ({THURSDAY})"),
        (f"thursday after 5 ({THURSDAY})", "make it friday instead", f"friday after 5 ({FRIDAY})"),
        (f"after 5 on thursday ({THURSDAY})", "no wait, friday", f"after 5 on friday ({FRIDAY})"),
        (
            f"thursday, not before 10 ({THURSDAY})",
            "change the day to friday",
            f"friday, not before 10 ({FRIDAY})",
        ),
        (
            f"thursday or friday at 3 ({THURSDAY}, {FRIDAY})",
            "actually make it 4pm",
            f"thursday or friday at 4pm ({THURSDAY}, {FRIDAY})",
        ),
        ("after 5", "make it friday", f"friday after 5 ({FRIDAY})"),
        # What says both is the whole wish.
        (f"thursday at 3pm ({THURSDAY})", "make it friday at 10", f"friday at 10 ({FRIDAY})"),
        # Each day had a time of its own, or one was left out: the new day stands alone.
        (
            f"thursday am or friday pm ({THURSDAY}, {FRIDAY})",
            "make it friday",
            f"friday ({FRIDAY})",
        ),
        ("any morning but thursday", "make it friday", f"friday ({FRIDAY})"),
    ],
)
def test_a_correction_keeps_what_it_does_not_touch(kept: str, said: str, wish: str) -> None:
    assert read_answer(said, _asked(kept)).values["preferred"] == wish


def test_tomorrow_is_still_the_day_it_was() -> None:
    asked = _asked("tomorrow at 3 (Wednesday 25 November 2026)")
    later = replace(asked, now=NOW + timedelta(hours=20))
    said = read_answer("change the time to 4pm", later)
    assert said.values["preferred"] == "Wednesday 25 November 2026 4pm"


def test_a_closed_day_is_told_and_not_merged_away() -> None:
    reading = read_answer("make it sunday", _asked(f"thursday at 3pm ({THURSDAY})"))
    assert (reading.values["preferred"], reading.at) == (None, "preferred")


def test_the_words_of_a_wish_are_the_patients() -> None:
    assert words_in(f"thursday at 3pm ({THURSDAY})") == "thursday at 3pm"
    assert words_in("any time (or later)") == "any time (or later)"
