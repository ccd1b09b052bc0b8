from __future__ import annotations

from typing import Any

import pytest

from bot.continuing import Carried
from bot.turn.before import PAUSED, Before, read_before
from bot.turn.carry_over import carried

NOW = 1_790_000_000.0
OPENED = {"event": "active_loop", "name": "booking_form"}
CLOSED = {"event": "active_loop", "name": None}
USER = {"event": "user", "text": "my secret words"}
ANSWER = {
    "event": "bot",
    "text": "Very little.",
    "data": {},
    "metadata": {"outcome": "answer", "answer_ids": ["faq/does_it_hurt"]},
}
THANKS = {"event": "bot", "text": "You are welcome!", "metadata": {"outcome": "smalltalk"}}
FIRST_VISIT = {"title": "First visit", "payload": "It's my first visit"}


def _asks(field: str, *buttons: dict[str, str]) -> dict[str, Any]:
    metadata = {"utter_action": f"utter_ask_booking_{field}"}
    return {"event": "bot", "text": f"{field}?", "data": {"buttons": buttons}, "metadata": metadata}


def _slot(name: str, value: str | None) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


HALF = [
    USER,
    OPENED,
    _slot("requested_slot", "booking_name"),
    _asks("name"),
    USER,
    _slot("booking_name", "Robin"),
    _slot("requested_slot", "booking_visit"),
    _asks("visit", FIRST_VISIT),
]
PAUSE = {"event": "bot", "text": "It is on hold.", "data": {}, "metadata": {"utter_action": PAUSED}}
HELD = [*HALF, USER, ANSWER, PAUSE, _slot("requested_slot", None), CLOSED]


def _go_on(web: list[dict[str, Any]], sms: list[dict[str, Any]], busy: bool = False) -> Carried:
    return carried(web, sms, NOW, "It goes on by text.", is_busy=busy)


def _after(events: Any) -> dict[str, Any]:
    """The slots after events, as Rasa would have them."""
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return {name: value for name, value in slots.items() if value is not None}


def test_a_form_goes_on_with_its_question() -> None:
    found = _go_on(HALF, [])
    assert (found.question, found.has_request) == ("visit?", True)
    assert found.choices == ({"title": "First visit", "text": "It's my first visit"},)
    assert _after(found.arriving) == {"booking_name": "Robin", "requested_slot": "booking_visit"}
    assert read_before(found.arriving).is_booking
    assert [event["event"] for event in found.arriving[:3]] == [
        "action",
        "session_started",
        "action",
    ]


def test_what_has_gone_is_put_away() -> None:
    web = [*HALF, *_go_on(HALF, []).leaving]
    assert _after(web) == {}
    assert not read_before(web).is_booking
    assert web[-1]["text"] == "It goes on by text."
    assert not read_before([*HELD, *_go_on(HELD, []).leaving]).is_held


def test_a_request_on_hold_goes_along_and_is_taken_up_there() -> None:
    found = _go_on(HELD, [])
    assert (found.question, found.has_request) == ("It is on hold.", True)
    before = read_before(found.arriving)
    assert (before.is_booking, before.is_held) == (False, True)
    assert _after(found.arriving) == {"booking_name": "Robin"}


def test_the_last_answer_goes_along_and_nothing_the_patient_wrote() -> None:
    found = _go_on([USER, ANSWER, USER, THANKS], [])
    assert read_before(found.arriving) == Before("answer", ("faq/does_it_hurt",))
    assert (found.question, found.has_request, found.leaving) == ("", False, ())
    for web in (HALF, HELD):
        assert "my secret words" not in str(_go_on(web, []))


@pytest.mark.parametrize("sms", [HALF, HELD, [USER, OPENED]])
def test_texts_in_the_middle_of_a_request_are_left_alone(sms: list[dict[str, Any]]) -> None:
    assert _go_on(HALF, sms) == Carried()


def test_texts_that_wait_for_an_answer_are_left_alone() -> None:
    assert _go_on(HALF, [], busy=True) == Carried()


def test_texts_whose_request_is_over_take_another() -> None:
    over = [*HALF, _slot("booking_name", None), CLOSED]
    assert _go_on(HALF, over).has_request


def test_a_chat_in_which_nothing_was_said_has_nothing_to_go_on_with() -> None:
    assert _go_on([], []) == _go_on([USER], []) == Carried()


def test_no_two_events_have_one_moment() -> None:
    """Rasa names a run of the form by the moment of its opening."""
    found = _go_on(HALF, [])
    for events in (found.arriving, found.leaving):
        times = [event["timestamp"] for event in events]
        assert times == sorted(set(times))
        assert times[0] == NOW
