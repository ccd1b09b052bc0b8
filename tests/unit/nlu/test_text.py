from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.text import MAX_CHARACTERS, has_words, normalise, storable


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Does it HURT?", "does it hurt?"),
        ("  does\n\tit   hurt ", "does it hurt"),
        ("I’m “scared”", 'i\'m "scared"'),
        ("ｈｕｒｔ ①", "hurt 1"),
        ("hurts\x00\u200b\ufeff?", "hurts ?"),
        ("do\u200bes it hu\u00adrt\u202c", "does it hurt"),
        ("hurt\U000e0068\U000e0069\ufe0f?", "hurt?"),
        ("\u200b" * 5_000 + "hurt", "hurt"),
        ("does \ud83d it", "does it"),
        ("sooooooo sore!!!!", "soo sore!!!!"),
        ("too well", "too well"),
        ("can u pls book b4 tmrw thx", "can you please book before tomorrow thanks"),
        ("im sore, dont know", "i'm sore, don't know"),
        ("bring an umbrella", "bring an umbrella"),
        ("Ça va? 疼吗 😀", "ça va? 疼吗 😀"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_spellings_that_mean_the_same_look_the_same(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text(max_size=300))
def test_any_text_becomes_one_lower_case_line(text: str) -> None:
    plain = normalise(text)
    assert plain == plain.strip()
    assert "\n" not in plain
    assert "  " not in plain


def test_a_very_long_text_is_cut() -> None:
    assert len(normalise("ab " * 100_000)) <= MAX_CHARACTERS


@pytest.mark.parametrize("text", ["a", "7", "…é…", "疼", "क", "? ok"])
def test_a_letter_or_digit_of_any_script_is_words(text: str) -> None:
    assert has_words(text)


@pytest.mark.parametrize(
    "text", ["", "   ", "???", "😀👍", "...", "\n\u200b", "/", "\u3164\ufe0f", "\ud800"]
)
def test_signs_alone_are_no_words(text: str) -> None:
    assert not has_words(text)


def test_half_a_character_is_replaced_before_it_is_kept() -> None:
    assert storable("does it \ud83d hurt 😀") == "does it ? hurt 😀"
