"""Words that are a cry for help where nothing else is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety import Gate, Level
from bot.safety.table import render_table

GATE = Gate.load(Path(__file__).parents[3] / "data" / "safety")
ALONE = [(sign.level, words) for sign in GATE.signs for words in sign.alone]


@pytest.mark.parametrize(("level", "words"), ALONE)
def test_it_raises_its_level_however_it_is_written(level: Level, words: str) -> None:
    for text in (words, f"{words.upper()}!!", f"a {words}?", f"please, {words}"):
        found = GATE.check(text)
        assert found.level is level, text
        assert found.remainder == ""


@pytest.mark.parametrize(
    "text",
    ["heart attack insurance form", "stroke rehab", "do you treat angina", "heart", "allergy"],
)
def test_with_other_words_it_raises_nothing_by_itself(text: str) -> None:
    assert GATE.check(text).flags == ()


def test_the_table_to_sign_shows_them() -> None:
    assert len(ALONE) > 5
    assert "- `heart attack`" in render_table(GATE)
