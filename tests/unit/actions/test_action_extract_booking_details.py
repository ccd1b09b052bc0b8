from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.reading import Entity

if TYPE_CHECKING:
    from action_desk import Desk, Done

pytest_plugins = ["action_desk"]

ACTION = "action_extract_booking_details"


async def _read(desk: Desk, requested: str | None, text: str, **state: Any) -> Done:
    slots = {"requested_slot": f"booking_{requested}" if requested else None}
    return await desk.run(ACTION, text=text, slots=slots, in_form=True, **state)


def _set(done: Done) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in done.events if event["event"] == "slot"}


async def test_an_answer_fills_its_slot(desk: Desk) -> None:
    done = await _read(desk, "name", "Sam Lee", outcome="clarify")
    assert _set(done) == {"booking_name": "Sam Lee"}
    assert done.messages == []


async def test_the_opening_message_fills_what_it_says(desk: Desk) -> None:
    done = await _read(desk, None, "book me in for my neck, 780 555 0199", outcome="booking")
    assert _set(done) == {"booking_contact": "+17805550199", "booking_reason": "neck"}


async def test_the_entities_of_the_message_are_used(desk: Desk) -> None:
    phone = Entity("phone", 0, 9, "my number", "+17805550199").as_dict()
    done = await _read(desk, "contact", "my number", entities=[phone], outcome="clarify")
    assert _set(done) == {"booking_contact": "+17805550199"}


async def test_entities_of_other_words_are_not_used(desk: Desk) -> None:
    phone = Entity("phone", 0, 9, "my number", "+17805550199").as_dict()
    done = await _read(desk, "contact", "/my number", entities=[phone], outcome="clarify")
    assert _set(done) == {"booking_contact": None}


async def test_outside_the_form_it_does_nothing(desk: Desk) -> None:
    done = await desk.run(ACTION, text="Sam Lee", slots={"requested_slot": "booking_name"})
    assert (done.events, done.messages) == ([], [])


async def test_an_answer_that_cannot_be_read_empties_its_slot(desk: Desk) -> None:
    done = await _read(desk, "contact", "nope", outcome="clarify")
    assert _set(done) == {"booking_contact": None}
    assert done.messages == []


async def test_digits_alone_are_an_answer_whatever_they_seem_to_be_about(desk: Desk) -> None:
    done = await _read(desk, "contact", "12", outcome="answer")
    assert _set(done) == {"booking_contact": None}


@pytest.mark.parametrize("outcome", ["answer", "handoff", "smalltalk", "emergency", "crisis"])
async def test_a_message_about_something_else_sets_nothing(desk: Desk, outcome: str) -> None:
    done = await _read(desk, "name", "does it hurt", outcome=outcome)
    assert (done.events, done.messages) == ([], [])


@pytest.mark.parametrize(
    "intent", ["dialogue_stop", "handoff_human", "booking_cancel", "booking_status", "safety"]
)
async def test_a_message_that_leaves_the_form_sets_nothing(desk: Desk, intent: str) -> None:
    done = await _read(desk, "reason", "cancel my back pain visit", intent=intent)
    assert (done.events, done.messages) == ([], [])


async def test_a_red_flag_is_no_answer_even_to_the_last_question(desk: Desk) -> None:
    done = await _read(desk, "consent", "not a drop of pee since my back went", intent="safety")
    assert done.events == []


async def test_a_bare_refusal_of_consent_is_heard_whatever_its_intent(desk: Desk) -> None:
    done = await _read(desk, "consent", "no dont", intent="booking_cancel", outcome="booking")
    assert _set(done) == {"booking_consent": "no", "booking_contact_consent": None}


async def test_only_words_that_stop_give_a_request_up(desk: Desk) -> None:
    for text in ("stop", "never mind", "i changed my mind"):
        done = await _read(desk, "visit", text, intent="dialogue_stop", outcome="smalltalk")
        assert done.events == [], text
    done = await _read(desk, "consent", "maybe", intent="dialogue_stop", outcome="smalltalk")
    assert _set(done) == {"booking_consent": None}


async def test_stop_is_never_consent(desk: Desk) -> None:
    done = await _read(desk, "consent", "stop", intent="dialogue_stop", outcome="smalltalk")
    assert done.events == []


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("booking_visit", ("first", "returning")),
        ("booking_consent", ("yes", "yes", "no")),
        ("booking_contact_consent", ("text", "call", None)),
    ],
)
async def test_every_button_of_the_form_is_understood(
    desk: Desk, slot: str, value: tuple[str | None, ...]
) -> None:
    asked = slot.replace("contact_consent", "consent")
    (question,) = desk.responses[f"utter_ask_{asked}"]
    payloads = [button["payload"] for button in question["buttons"]]
    read = [await _read(desk, asked.removeprefix("booking_"), text) for text in payloads]
    assert tuple(_set(done)[slot] for done in read) == value


@pytest.mark.parametrize(
    ("text", "intent"),
    [("Stop Jones", "dialogue_stop"), ("Will Call", "handoff_human"), ("Grace Kim", "faq")],
)
async def test_a_name_is_a_name_whatever_its_intent(desk: Desk, text: str, intent: str) -> None:
    done = await _read(desk, "name", text, intent=intent, outcome="answer")
    assert _set(done) == {"booking_name": text}
    done = await _read(desk, "name", "Stop", intent="dialogue_stop", outcome="smalltalk")
    assert done.events == []


async def test_a_bare_day_is_the_forms_whatever_its_intent(desk: Desk) -> None:
    found = [{"entity": "date", "start": 0, "end": 6, "text": "friday", "value": "2096-12-07"}]
    done = await _read(desk, "preferred", "friday", intent="booking_status", entities=found)
    assert _set(done)["booking_preferred"] is not None


async def test_a_wish_about_another_request_sets_nothing(desk: Desk) -> None:
    await desk.book(preferred="wednesday (Wednesday 9 December 2026)")
    for field in ("name", "preferred", "consent"):
        text = "change my wednesday visit to friday"
        done = await _read(desk, field, text, intent="booking_change", outcome="booking")
        assert done.events == [], field


async def test_a_choice_tapped_again_fills_and_empties_nothing(desk: Desk) -> None:
    for text in ("It's my first visit", "Text me"):
        done = await _read(desk, "consent", text, outcome="booking", marks={"again": True})
        assert _set(done) == {}
