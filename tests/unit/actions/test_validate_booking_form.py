from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from action_desk import Desk, Done

pytest_plugins = ["action_desk"]

ACTION = "validate_booking_form"


async def _check(desk: Desk, requested: str, text: str, value: str | None = None) -> Done:
    slots: dict[str, Any] = {
        "requested_slot": f"booking_{requested}",
        f"booking_{requested}": value,
    }
    return await desk.run(ACTION, text=text, slots=slots, in_form=True, outcome="clarify")


@pytest.mark.parametrize(
    ("requested", "text"),
    [
        ("preferred", "banana"),
        ("preferred", "yesterday"),
        ("name", "12345"),
        ("contact", "nope"),
        ("reason", "..."),
        ("visit", "banana"),
        ("consent", "maybe"),
    ],
)
async def test_an_answer_that_cannot_be_read_is_said_to_be_so(
    desk: Desk, requested: str, text: str
) -> None:
    done = await _check(desk, requested, text)
    assert done.message["text"]
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/request"], "booking")
    assert done.events == []


async def test_a_past_day_and_a_closed_day_have_words_of_their_own(desk: Desk) -> None:
    past = await _check(desk, "preferred", "yesterday")
    closed = await _check(desk, "preferred", "december 25")
    unclear = await _check(desk, "preferred", "banana")
    assert "passed" in past.texts[0]
    assert "closed" in closed.texts[0]
    assert len({past.texts[0], closed.texts[0], unclear.texts[0]}) == 3


async def test_an_answer_that_was_taken_needs_no_word(desk: Desk) -> None:
    done = await _check(desk, "name", "Sam Lee", "Sam Lee")
    assert (done.messages, done.events) == ([], [])


async def test_a_question_in_between_is_no_bad_answer(desk: Desk) -> None:
    slots = {"requested_slot": "booking_contact"}
    done = await desk.run(ACTION, text="does it hurt?", slots=slots, in_form=True)
    assert (done.messages, done.events) == ([], [])


async def test_outside_the_form_it_does_nothing(desk: Desk) -> None:
    done = await desk.run(ACTION, text="nope", slots={"requested_slot": "booking_contact"})
    assert (done.messages, done.events) == ([], [])
