from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from bot.booking import Status, VisitTime, staff

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_accept_visit"
TIME = VisitTime(datetime(2096, 12, 4, 17, 0, tzinfo=timezone.utc), 45)


async def _proposed(desk: Desk, sender: str = "web:patient") -> str:
    reference = await desk.book(sender=sender)
    await desk.services.bookings.move(reference, Status.PROPOSED, staff("Kim"), time=TIME)
    return reference


async def _status(desk: Desk, reference: str) -> Status:
    return (await desk.services.bookings.get(reference)).status


async def test_a_yes_that_names_the_request_takes_its_time(desk: Desk) -> None:
    reference = await _proposed(desk)
    done = await desk.run(ACTION, text=f"{reference} suits me")
    assert "is confirmed: Tuesday 4 December 2096 at 10:00 am" in done.message["text"]
    booking = await desk.services.bookings.get(reference)
    assert (booking.status, booking.time) == (Status.CONFIRMED, TIME)
    (alert,) = await desk.services.alerts.open_alerts()
    assert (alert.level, alert.sign) == ("accepted", reference)


async def test_a_bare_yes_is_asked_back_and_takes_nothing(desk: Desk) -> None:
    reference = await _proposed(desk)
    done = await desk.run(ACTION, text="yes")
    assert done.message["buttons"][0]["payload"] == f"{reference} suits me"
    assert await _status(desk, reference) is Status.PROPOSED


@pytest.mark.parametrize("has_booking", [True, False])
async def test_a_yes_to_nothing_is_acknowledged(desk: Desk, has_booking: bool) -> None:
    if has_booking:
        await desk.book()
    done = await desk.run(ACTION, text="ok")
    assert "I'm here if you have a question" in done.message["text"]


async def test_a_request_without_a_proposal_is_told_as_it_stands(desk: Desk) -> None:
    reference = await desk.book()
    done = await desk.run(ACTION, text=f"{reference} suits me")
    assert "not confirmed yet" in done.message["text"]
    assert await _status(desk, reference) is Status.RECEIVED


async def test_another_conversation_needs_the_phone(desk: Desk) -> None:
    reference = await _proposed(desk, "sms:other")
    await desk.run(ACTION, text=f"{reference} suits me")
    assert await _status(desk, reference) is Status.PROPOSED
    await desk.run(ACTION, text=f"{reference} suits me, 780 555 0199")
    assert await _status(desk, reference) is Status.CONFIRMED
