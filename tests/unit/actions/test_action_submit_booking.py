from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot import services
from bot.booking import Status

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_submit_booking"
FILLED = {
    "booking_preferred": "friday morning",
    "booking_name": "Sam Example",
    "booking_contact": "+17805550199",
    "booking_reason": "lower back",
    "booking_visit": "first",
    "booking_consent": "yes",
    "booking_contact_consent": "text",
}


def _opened(at: float) -> dict[str, Any]:
    return {"event": "active_loop", "name": "booking_form", "timestamp": at}


CLOSED = {"event": "active_loop", "name": None, "timestamp": 5.0}


async def test_it_is_stored_and_the_patient_hears_the_reference(desk: Desk) -> None:
    done = await desk.run(ACTION, slots=FILLED, events=[_opened(1.0)], channel="sms")
    (booking,) = await desk.services.bookings.list()
    assert booking.reference in done.message["text"]
    assert "780-555-0199" in done.message["text"]
    assert (booking.name, booking.phone, booking.email) == ("Sam Example", "+17805550199", None)
    assert (booking.reason, booking.preferred) == ("lower back", "friday morning")
    assert (booking.visit, booking.consent, booking.channel) == ("first", True, "sms")
    assert booking.contact_consent == "text"
    assert (booking.conversation_id, booking.status) == ("web:patient", Status.RECEIVED)
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/request"], "booking")


async def test_the_clinics_own_scheduler_is_shown_where_there_is_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = {"scheduler": lambda booking: "https://clinic.example/book"}
    words = replace(desk.services.status_words, links=links)
    monkeypatch.setattr(services, "_current", replace(desk.services, status_words=words))
    done = await desk.run(ACTION, slots=FILLED, events=[_opened(1.0)])
    received, scheduler = done.texts
    assert "Your reference is" in received
    assert scheduler.endswith(" at https://clinic.example/book")


async def test_it_forgets_the_details_afterwards(desk: Desk) -> None:
    done = await desk.run(ACTION, slots=FILLED, events=[_opened(1.0)])
    assert {event["name"]: event["value"] for event in done.events} == dict.fromkeys(FILLED)


async def test_an_email_is_kept_as_one(desk: Desk) -> None:
    await desk.run(ACTION, slots={**FILLED, "booking_contact": "sam@example.com"})
    (booking,) = await desk.services.bookings.list()
    assert (booking.phone, booking.email) == (None, "sam@example.com")


@pytest.mark.parametrize("consent", ["no", None, "", "maybe", True])
async def test_without_a_yes_nothing_is_kept(desk: Desk, consent: object) -> None:
    done = await desk.run(ACTION, slots={**FILLED, "booking_consent": consent})
    assert not await desk.services.bookings.list()
    assert "nothing was sent" in done.message["text"]
    assert {event["name"]: event["value"] for event in done.events} == dict.fromkeys(FILLED)


async def test_the_same_run_of_the_form_makes_one_booking(desk: Desk) -> None:
    first = await desk.run(ACTION, slots=FILLED, events=[_opened(1.0)])
    again = await desk.run(ACTION, slots=FILLED, events=[_opened(1.0), CLOSED])
    assert first.texts == again.texts
    assert len(await desk.services.bookings.list()) == 1


async def test_another_run_of_the_form_makes_another_booking(desk: Desk) -> None:
    await desk.run(ACTION, slots=FILLED, events=[_opened(1.0)])
    await desk.run(ACTION, slots=FILLED, events=[_opened(1.0), CLOSED, _opened(9.0)])
    assert len(await desk.services.bookings.list()) == 2


async def test_other_conversations_make_their_own(desk: Desk) -> None:
    for sender in ("web:a", "web:b"):
        await desk.run(ACTION, slots=FILLED, events=[_opened(1.0)], sender=sender)
    assert len(await desk.services.bookings.list()) == 2


async def test_nothing_is_claimed_when_it_cannot_be_stored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*values: object) -> None:
        raise OSError

    monkeypatch.setattr(desk.services.bookings, "request", fail)
    with pytest.raises(OSError):
        await desk.run(ACTION, slots=FILLED, events=[_opened(1.0)])
