from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.segments import Segments, segments, split_text, text_length


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", Segments("GSM-7", 0, 1)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("é" * 160, Segments("GSM-7", 160, 1)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        # An escaped character is not torn: 76 of them fill 152 of 153 septets.
        ("€" * 81, Segments("GSM-7", 162, 2)),
        ("a" * 152 + "€" * 77, Segments("GSM-7", 306, 3)),
        ("a" * 153 + "€" * 76, Segments("GSM-7", 305, 2)),
        ("’" * 70, Segments("UCS-2", 70, 1)),
        ("’" * 71, Segments("UCS-2", 71, 2)),
        ("疼" * 134, Segments("UCS-2", 134, 2)),
        ("疼" * 135, Segments("UCS-2", 135, 3)),
        ("😀" * 35, Segments("UCS-2", 70, 1)),
        # A pair is not torn: 33 of them fill 66 of 67 units.
        ("😀" * 66, Segments("UCS-2", 132, 2)),
        ("😀" * 67, Segments("UCS-2", 134, 3)),
    ],
)
def test_a_text_is_counted_as_the_network_does(text: str, counted: Segments) -> None:
    assert segments(text) == counted


@settings(deadline=None)
@given(st.text())
def test_the_parts_hold_the_units(text: str) -> None:
    counted = segments(text)
    assert counted.units == text_length(text)
    room = 160 if counted.encoding == "GSM-7" else 70
    assert (counted.parts == 1) == (counted.units <= room)
    smaller = 153 if counted.encoding == "GSM-7" else 67
    assert counted.parts == 1 or counted.parts >= -(-counted.units // smaller)


def _up_to(limit: int) -> list[str]:
    text = "Call 911. It may hurt a little! Does it? Supercalifragilistic words."
    return split_text(text, lambda part: len(part) <= limit)


def test_a_text_that_fits_is_left_alone() -> None:
    assert split_text(" a. b \n", lambda _: True) == [" a. b \n"]


def test_a_long_text_is_cut_where_a_sentence_ends() -> None:
    assert _up_to(45) == ["Call 911. It may hurt a little! Does it?", "Supercalifragilistic words."]


def test_a_long_sentence_is_cut_between_words_and_a_long_word_anywhere() -> None:
    assert _up_to(20)[:3] == ["Call 911.", "It may hurt a", "little! Does it?"]
    assert _up_to(10)[-3:] == ["Supercalif", "ragilistic", "words."]


@pytest.mark.parametrize("space", ["\n", "\r", " ", "\u2003"])
def test_nothing_but_space_is_one_empty_message(space: str) -> None:
    assert split_text(space * 50, lambda part: len(part) <= 9) == [""]
    assert split_text(f"a{space * 50}b", lambda part: len(part) <= 9) == ["a", "b"]


@settings(deadline=None)
@given(st.text(), st.integers(2, 50))
def test_every_part_fits_and_no_word_is_lost(text: str, limit: int) -> None:
    parts = split_text(text, lambda part: text_length(part) <= limit)
    assert all(text_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
