from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.booking.moved import read_move
from bot.reading import WHEN, read

# A Tuesday.
NOW = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("change my friday visit", ["friday"], []),
        ("change my friday visit to monday", ["friday"], ["monday"]),
        ("move my visit on dec 4 to dec 7 at 3", ["dec 4"], ["dec 7", "at 3"]),
        ("can we move it from friday to monday", ["friday"], ["monday"]),
        ("reschedule friday", ["friday"], []),
        ("reschedule friday to monday", ["friday"], ["monday"]),
        ("change my visit to friday", [], ["friday"]),
        ("can we do monday instead", [], ["monday"]),
        ("monday after 3", [], ["monday", "after 3"]),
        ("change my visit", [], []),
    ],
)
def test_the_day_that_tells_which_is_not_the_wish(
    text: str, source: list[str], target: list[str]
) -> None:
    move = read_move(read(text, NOW, "America/Edmonton", "AB"))
    assert [entity.text for entity in move.source] == source
    assert [entity.text for entity in move.target.of(*WHEN)] == target
    assert move.is_bare is not bool(target)


@pytest.mark.parametrize("text", ["to any time", "something earlier", "can my visit be later"])
def test_a_wish_need_not_name_a_day(text: str) -> None:
    assert not read_move(read(text, NOW, "America/Edmonton", "AB")).is_bare


def test_a_question_is_told_from_a_wish() -> None:
    def asks(text: str) -> bool:
        return read_move(read(text, NOW, "America/Edmonton", "AB")).is_question

    assert asks("can i change my visit?") and asks("hi, how do i move it")
    assert not asks("change my visit") and not asks("I need to move my visit")
