from __future__ import annotations

from typing import TYPE_CHECKING

from bot.booking import Status

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_change_booking"


async def test_the_wish_is_passed_on_in_the_patients_words(desk: Desk) -> None:
    reference = await desk.book()
    done = await desk.run(ACTION, text="can we do monday instead")
    assert reference in done.message["text"]
    event = (await desk.services.bookings.events(reference))[-1]
    assert (event.change, event.detail) == ("change", {"text": "can we do monday instead"})
    (alert,) = await desk.services.alerts.open_alerts()
    assert (alert.level, alert.sign) == ("change_wanted", reference)
    assert "monday" not in str(alert)
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/change"], "booking")


async def test_nothing_has_changed_until_staff_say_so(desk: Desk) -> None:
    reference = await desk.book()
    before = await desk.services.bookings.get(reference)
    await desk.run(ACTION, text="can we do monday instead")
    after = await desk.services.bookings.get(reference)
    assert (after.status, after.preferred) == (Status.REQUESTED, before.preferred)


async def test_without_a_request_here_nothing_changes(desk: Desk) -> None:
    other = await desk.book(sender="web:somebody-else")
    done = await desk.run(ACTION, text=f"move {other}")
    assert done.texts == [desk.library.render("booking/change", "web").text]
    assert len(await desk.services.bookings.events(other)) == 1
    assert await desk.services.alerts.open_alerts() == []


async def test_what_was_asked_beside_is_answered_first(desk: Desk) -> None:
    await desk.book()
    done = await desk.run(ACTION, topics=["booking/change", "clinic/location"])
    assert [said["answer_ids"] for said in done.messages] == [
        ["clinic/location"],
        ["booking/change"],
    ]
