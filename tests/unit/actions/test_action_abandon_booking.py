from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_abandon_booking"
SLOTS = ("preferred", "name", "contact", "reason", "visit", "consent", "contact_consent")


async def test_it_says_that_nothing_was_sent_and_forgets_the_details(desk: Desk) -> None:
    done = await desk.run(ACTION, in_form=True, slots={"booking_name": "Sam"})
    assert "nothing was sent" in done.message["text"]
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/request"], "booking")
    assert {event["name"]: event["value"] for event in done.events} == dict.fromkeys(
        (f"booking_{slot}" for slot in SLOTS), None
    )
    assert not await desk.services.bookings.list()
