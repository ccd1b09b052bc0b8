from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.reading import english as module
from bot.reading.english import English, encodable, english
from bot.reading.reader import Reader


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
    monkeypatch.setattr(module, "MOST_WORDS", 0)
    now = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)
    first, again = (reader.read("qwertyuiop friday qwertyuiop", now) for _ in range(2))
    assert first == again
    assert first.value("date") == "2026-11-27"
    assert "qwertyuiop" not in own.vocab.strings


def test_half_a_surrogate_pair_is_replaced_in_its_place() -> None:
    assert encodable("a\ud800b") == "a\ufffdb"
    assert encodable("\U0001f600") == "\U0001f600"
