from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.reading import words
from bot.reading.reader import Reader
from bot.reading.words import English, canonical, english, is_plural_day


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


def test_numbers_and_letters_are_tokens_of_their_own() -> None:
    tokens = [token.text for token in english().tokens("fri@3pm, 5th-9th (dec.) o'clock a.m.")]
    expected = "fri @ 3 pm , 5 th - 9 th ( dec . ) o'clock a.m ."
    assert " ".join(tokens) == expected


def test_the_vocabulary_is_one() -> None:
    assert english() is english()


def test_words_beyond_the_most_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    own = English()
    monkeypatch.setattr("bot.reading.reader.english", lambda: own)
    reader = Reader("America/Edmonton", "AB")
    monkeypatch.setattr(words, "MOST_WORDS", 0)
    now = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)
    first, again = (reader.read("qwertyuiop friday qwertyuiop", now) for _ in range(2))
    assert first == again
    assert first.value("date") == "2026-11-27"
    assert "qwertyuiop" not in own.vocab.strings
