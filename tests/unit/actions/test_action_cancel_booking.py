from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.booking import Status

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_cancel_booking"


async def test_it_cancels_the_newest_live_request_and_tells_staff(desk: Desk) -> None:
    older = await desk.book(key="one")
    newest = await desk.book(key="two")
    done = await desk.run(ACTION, text="cant make it")
    assert newest in done.message["text"]
    assert (await desk.services.bookings.get(newest)).status is Status.CANCELLED
    assert (await desk.services.bookings.get(older)).status is Status.REQUESTED
    (alert,) = await desk.services.alerts.open_alerts()
    assert (alert.kind, alert.level, alert.sign) == ("booking", "cancelled", newest)
    assert alert.conversation_id == "web:patient"
    assert (await desk.services.bookings.events(newest))[-1].detail == {"text": "cant make it"}
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/cancel"], "booking")


async def test_a_cancelled_one_is_passed_over(desk: Desk) -> None:
    older = await desk.book(key="one")
    await desk.book(key="two")
    await desk.run(ACTION)
    done = await desk.run(ACTION)
    assert older in done.message["text"]


async def test_without_a_request_here_nothing_changes(desk: Desk) -> None:
    other = await desk.book(sender="web:somebody-else")
    done = await desk.run(ACTION, text=f"cancel {other}")
    assert done.texts == [desk.library.render("booking/cancel", "web").text]
    assert (await desk.services.bookings.get(other)).status is Status.REQUESTED
    assert await desk.services.alerts.open_alerts() == []


@pytest.mark.parametrize(
    "text", ["i dont want to cancel", "please do not cancel my visit", "what if i cancel?"]
)
async def test_what_is_no_wish_to_cancel_cancels_nothing(desk: Desk, text: str) -> None:
    reference = await desk.book()
    await desk.run(ACTION, text=text)
    assert (await desk.services.bookings.get(reference)).status is Status.REQUESTED


async def test_not_being_able_to_come_is_a_wish_to_cancel(desk: Desk) -> None:
    reference = await desk.book()
    await desk.run(ACTION, text="i can't make it, please cancel")
    assert (await desk.services.bookings.get(reference)).status is Status.CANCELLED


async def test_what_was_asked_beside_is_answered_first(desk: Desk) -> None:
    await desk.book()
    done = await desk.run(ACTION, topics=["booking/cancel", "clinic/location"])
    assert [said["answer_ids"] for said in done.messages] == [
        ["clinic/location"],
        ["booking/cancel"],
    ]
