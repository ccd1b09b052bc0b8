from __future__ import annotations

import pytest

from bot.reading.words import canonical, is_plural_day


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Thurs", "thursday"),
        ("tommorow", "tomorrow"),
        ("wendesday", "wednesday"),
        ("novembre", "november"),
        ("febuary", "february"),
        ("remember", "remember"),
        ("someday", "someday"),
        ("holiday", "holiday"),
        ("o’clock", "o'clock"),
        ("", ""),
    ],
)
def test_a_word_is_known_by_one_form(word: str, known: str) -> None:
    assert canonical(word) == known


@pytest.mark.parametrize(
    ("word", "is_plural"), [("mondays", True), ("fris", True), ("tues", False), ("days", False)]
)
def test_only_weekdays_come_every_week(word: str, is_plural: bool) -> None:
    assert is_plural_day(word) is is_plural
