from __future__ import annotations

import pytest

from bot.turn.signs import spelled_out


@pytest.mark.parametrize(
    "text", ["\U0001f44d", "\U0001f44d\U0001f3fd", " \U0001f44c\U0001f44c ", "\u2714\ufe0f"]
)
def test_a_thumb_up_is_a_yes(text: str) -> None:
    assert spelled_out(text) == "yes"


@pytest.mark.parametrize("text", ["\U0001f44e", "\u274c", "\U0001f6ab"])
def test_a_thumb_down_is_a_no(text: str) -> None:
    assert spelled_out(text) == "no"


@pytest.mark.parametrize(
    "text", ["", "  ", "\U0001f600", "\U0001f44d\U0001f44e", "ok \U0001f44d", "?"]
)
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert spelled_out(text) == text
