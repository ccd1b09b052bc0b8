from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from actions.booking_desk import FAULTS
from bot.booking.choice import MAX_REASON
from bot.booking.opening import TOLD
from bot.content import ClinicProfile

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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("december 25", "closed on"),
        ("sundays", "closed on Sundays"),
        ("at 11pm", "Mon-Fri 9:00-19:00, Sat 10:00-15:00"),
        ("31 november", "no 31 November"),
    ],
)
async def test_a_time_that_cannot_be_is_told_with_what_could(
    desk: Desk, text: str, words: str
) -> None:
    done = await _check(desk, "preferred", text)
    assert words in done.message["text"]


async def test_the_closed_day_among_others_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuesday = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("America/Edmonton"))
    monkeypatch.setattr(ClinicProfile, "now", lambda self: tuesday)
    done = await _check(desk, "preferred", "weekday mornings", "weekday mornings")
    assert done.messages == []
    done = await _check(desk, "preferred", "saturday or sunday", "saturday or sunday")
    (text,) = done.texts
    assert text.startswith("The clinic is closed on Sunday 29 November")


async def test_a_closed_day_instead_of_consent_is_told(desk: Desk) -> None:
    done = await _check(desk, "consent", "no, sundays")
    assert "closed on Sundays" in done.message["text"]


async def test_every_fault_of_a_day_has_words(desk: Desk) -> None:
    assert {response for (field, _), response in FAULTS.items()} <= desk.responses.keys()
    assert {fault for _, fault in FAULTS} >= TOLD


async def test_a_reason_that_was_cut_is_said_to_be(desk: Desk) -> None:
    done = await _check(desk, "reason", "my neck and my back " * 200, "my neck")
    assert f"first {MAX_REASON} characters" in done.message["text"]


async def test_an_incomplete_number_is_said_to_be(desk: Desk) -> None:
    done = await _check(desk, "contact", "555 0134")
    assert "incomplete" in done.message["text"]


async def test_the_second_reading_finds_what_the_first_one_found(desk: Desk) -> None:
    """The form reads a message again when the slots hold what it says."""
    said: list[dict[str, Any]] = [
        {"event": "slot", "name": "booking_contact", "value": "+17805550123", "timestamp": 0.5},
    ]
    slots = {"requested_slot": "booking_consent", "booking_contact": "+17805550199"}
    done = await desk.run(
        ACTION, text="it's 780 555 0199", slots=slots, in_form=True, events=said, outcome="clarify"
    )
    assert done.messages == []


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
