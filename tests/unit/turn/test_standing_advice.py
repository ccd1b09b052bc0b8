from __future__ import annotations

from typing import Any

import pytest

from bot.content import CardLibrary
from bot.turn.before import NOTHING, Before
from bot.turn.standing_advice import STANDS
from bot.turn.understanding import Understanding

from .conftest import FakeRasa

REQUEST = "booking/request"
WARNED = Before("urgent", ("safety/urgent",))


async def _read(
    rasa: FakeRasa, library: CardLibrary, text: str, before: Before, own: str
) -> dict[str, Any]:
    rasa.said, rasa.topic = before, own

    async def recall() -> Before:
        return await rasa.before("a")

    return await Understanding(rasa, library).read(text, recall=recall)


@pytest.mark.parametrize("text", ["can i come friday", "Book a visit"])
@pytest.mark.parametrize("level", ["emergency", "crisis", "urgent"])
async def test_a_request_right_after_a_warning_leaves_it_standing(
    rasa: FakeRasa, library: CardLibrary, text: str, level: str
) -> None:
    warned = Before(level, (f"safety/{level}",))
    parsed = await _read(rasa, library, text, warned, REQUEST)
    assert parsed[STANDS] == {"topic": f"safety/{level}", "is_followed": False}
    assert parsed["decision"]["topics"] == [REQUEST]


@pytest.mark.parametrize(
    ("before", "own"),
    [
        (NOTHING, REQUEST),
        (Before("answer", ("clinic/fees",)), REQUEST),
        (Before("urgent", ("safety/urgent",), is_booking=True), REQUEST),
        (WARNED, "clinic/fees"),
    ],
)
async def test_otherwise_nothing_stands(
    rasa: FakeRasa, library: CardLibrary, before: Before, own: str
) -> None:
    assert STANDS not in await _read(rasa, library, "can i come friday", before, own)


async def test_the_conversation_is_looked_into_once(rasa: FakeRasa, library: CardLibrary) -> None:
    rasa.rankings = {"continue": [(REQUEST, 0.9), ("clinic/fees", 0.1)]}
    held = Before("urgent", ("safety/urgent",), is_held=True)
    parsed = await _read(rasa, library, "continue", held, REQUEST)
    assert parsed[STANDS]["topic"] == "safety/urgent"
    assert len(rasa.recalled) == 1


async def test_help_that_is_there_is_answered_calmly(rasa: FakeRasa, library: CardLibrary) -> None:
    parsed = await _read(rasa, library, "im at the hospital now", WARNED, "clinic/location")
    assert parsed["decision"]["outcome"] == "smalltalk"
    assert parsed[STANDS] == {"topic": "safety/urgent", "is_followed": True}


async def test_a_doctors_visit_does_not_end_an_emergency(
    rasa: FakeRasa, library: CardLibrary
) -> None:
    warned = Before("emergency", ("safety/emergency",))
    parsed = await _read(rasa, library, "my doctor saw me today", warned, "other/out_of_scope")
    assert parsed["decision"]["topics"] == ["safety/emergency"]
    assert STANDS not in parsed
    parsed = await _read(rasa, library, "called 911, they are coming", warned, "clinic/contact")
    assert parsed[STANDS]["is_followed"]


async def test_a_new_flag_beside_it_is_warned_of(rasa: FakeRasa, library: CardLibrary) -> None:
    text = "im at the hospital now"
    parsed = await _read(rasa, library, text, WARNED, "safety/emergency")
    assert parsed["decision"]["outcome"] == "emergency"
    assert STANDS not in parsed


async def test_without_a_warning_it_is_read_as_it_stands(
    rasa: FakeRasa, library: CardLibrary
) -> None:
    parsed = await _read(rasa, library, "im at the hospital now", NOTHING, "clinic/location")
    assert parsed["decision"]["topics"] == ["clinic/location"]
