from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_tell_booking_status"


async def test_without_a_request_here_it_says_how_to_ask(desk: Desk) -> None:
    done = await desk.run(ACTION)
    assert done.texts == [desk.library.render("booking/status", "web").text]
    assert done.message["answer_ids"] == ["booking/status"]


async def test_it_tells_where_the_newest_request_stands(desk: Desk) -> None:
    await desk.book(key="one", preferred="monday")
    newest = await desk.book(key="two", preferred="friday")
    done = await desk.run(ACTION)
    assert newest in done.message["text"]
    assert "friday" in done.message["text"]
    assert "not confirmed" in done.message["text"]
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/status"], "booking")


async def test_a_cancelled_request_is_said_to_be_cancelled(desk: Desk) -> None:
    reference = await desk.book()
    await desk.services.bookings.note_wish(reference, "cancel", "cant come")
    done = await desk.run(ACTION)
    assert "cancelled" in done.message["text"]


@pytest.mark.parametrize("quote", [True, False])
async def test_nobody_sees_another_conversations_request(desk: Desk, quote: bool) -> None:
    reference = await desk.book(sender="web:somebody-else")
    done = await desk.run(ACTION, text=f"status of {reference}" if quote else "am i booked")
    assert reference not in done.message["text"]
    assert done.texts == [desk.library.render("booking/status", "web").text]


async def test_what_was_asked_beside_is_answered_first(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["booking/status", "clinic/location"])
    assert [said["answer_ids"] for said in done.messages] == [
        ["clinic/location"],
        ["booking/status"],
    ]
