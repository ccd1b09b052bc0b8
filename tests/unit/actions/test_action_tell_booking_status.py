from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from bot import services
from bot.booking import Status, VisitTime, staff
from bot.guard.client import known_client

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_tell_booking_status"


async def test_without_a_request_here_it_says_how_to_ask(desk: Desk) -> None:
    done = await desk.run(ACTION)
    assert done.texts[0] == desk.library.render("booking/status", "web").text
    assert "reference and the phone number" in done.texts[1]
    assert done.messages[0]["answer_ids"] == ["booking/status"]


async def test_it_tells_where_the_request_stands(desk: Desk) -> None:
    reference = await desk.book(preferred="friday")
    done = await desk.run(ACTION)
    assert reference in done.message["text"]
    assert "friday" in done.message["text"]
    assert "not confirmed" in done.message["text"]
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/status"], "booking")


ON_HOLD = (
    {"event": "active_loop", "name": "booking_form"},
    {"event": "bot", "metadata": {"utter_action": "utter_booking_paused"}},
    {"event": "active_loop", "name": None},
)


async def test_a_request_on_hold_is_not_denied(desk: Desk) -> None:
    done = await desk.run(ACTION, text="where is my booking", events=ON_HOLD)
    assert "on hold" in done.message["text"]
    reference = await desk.book()
    done = await desk.run(ACTION, text="where is my booking", events=ON_HOLD)
    assert reference in done.message["text"]


async def test_of_several_it_asks_which_one(desk: Desk) -> None:
    references = [await desk.book(key=key, preferred=f"any {key}") for key in ("mon", "fri")]
    done = await desk.run(ACTION)
    assert "Which request" in done.message["text"]
    offered = {button["payload"] for button in done.message["buttons"]}
    assert offered == {f"Am I booked? {reference}" for reference in references}
    for text in offered:
        (told,) = (await desk.run(ACTION, text=text)).texts
        assert text.split()[-1] in told and "not confirmed" in told


async def test_a_cancelled_request_is_said_to_be_cancelled(desk: Desk) -> None:
    reference = await desk.book()
    await desk.services.bookings.cancel(reference, "cant come")
    done = await desk.run(ACTION)
    assert "cancelled" in done.message["text"]


async def test_a_confirmed_visit_is_told_in_the_clinics_time(desk: Desk) -> None:
    reference = await desk.book()
    start = datetime(2096, 12, 4, 17, 0, tzinfo=timezone.utc)
    time = VisitTime(start, 45)
    await desk.services.bookings.move(reference, Status.CONFIRMED, staff("Kim"), time=time)
    (told,) = (await desk.run(ACTION)).texts
    assert "is confirmed: Tuesday 4 December 2096 at 10:00 am, for about 45 minutes" in told
    assert "calendar" not in told


async def test_a_confirmed_visit_comes_with_its_calendar_where_links_can_be_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = {"calendar": lambda booking: f"https://x/{booking.reference}"}
    words = replace(desk.services.status_words, links=links)
    monkeypatch.setattr(services, "_current", replace(desk.services, status_words=words))
    reference = await desk.book()
    time = VisitTime(datetime(2096, 12, 4, 17, 0, tzinfo=timezone.utc), 45)
    await desk.services.bookings.move(reference, Status.CONFIRMED, staff("Kim"), time=time)
    (told,) = (await desk.run(ACTION)).texts
    assert told.endswith(f"For your calendar: https://x/{reference}")


@pytest.mark.parametrize("quote", [True, False])
async def test_nobody_sees_another_conversations_request(desk: Desk, quote: bool) -> None:
    reference = await desk.book(sender="web:somebody-else")
    done = await desk.run(ACTION, text=f"status of {reference}" if quote else "am i booked")
    assert all(reference not in text for text in done.texts)
    assert "reference and the phone number" in done.texts[-1]


async def test_with_reference_and_phone_it_is_told_anywhere(desk: Desk) -> None:
    reference = await desk.book(sender="sms:somebody")
    done = await desk.run(ACTION, text=f"is {reference.lower()} ok? i am on 780-555-0199")
    assert reference in done.message["text"]
    assert "not confirmed" in done.message["text"]


async def test_a_wrong_phone_sounds_as_an_unknown_reference(desk: Desk) -> None:
    reference = await desk.book(sender="sms:somebody")
    unknown = "B77-777" if reference != "B77-777" else "B99-999"
    wrong = await desk.run(ACTION, text=f"{reference} 780-555-0111")
    missing = await desk.run(ACTION, text=f"{unknown} 780-555-0199")
    assert wrong.texts == missing.texts
    assert "780-555-0142" in wrong.texts[0]


async def test_after_five_wrong_tries_the_right_one_is_refused(desk: Desk) -> None:
    reference = await desk.book(sender="sms:somebody")
    for _ in range(5):
        done = await desk.run(ACTION, text=f"{reference} 780-555-0111")
        assert "can't find" in done.message["text"]
    for phone in ("0111", "0199"):
        done = await desk.run(ACTION, text=f"{reference} 780-555-{phone}")
        assert "can't look up more" in done.message["text"]
        assert "780-555-0142" in done.message["text"]
    other = await desk.run(ACTION, text=f"{reference} 780-555-0199", sender="web:other")
    assert "not confirmed" in other.message["text"]


async def test_twenty_wrong_tries_from_one_address_close_the_door_to_all_its_conversations(
    desk: Desk,
) -> None:
    reference = await desk.book(sender="sms:somebody")
    with known_client("198.51.100.7"):
        for number in range(20):
            text = f"B77-{number % 2 * 3 + 4}7{'CDFGHJKMNP'[number // 2]} 780-555-0199"
            done = await desk.run(ACTION, text=text, sender=f"web:{number}")
            assert "can't find" in done.message["text"]
        done = await desk.run(ACTION, text=f"{reference} 780-555-0199", sender="web:new")
        assert "can't look up more" in done.message["text"]
    done = await desk.run(ACTION, text=f"{reference} 780-555-0199", sender="web:new")
    assert "not confirmed" in done.message["text"]


async def test_the_reference_given_before_the_phone_counts(desk: Desk) -> None:
    reference = await desk.book(sender="sms:somebody")
    asked = (await desk.run(ACTION, text=reference)).message["asks_key"]
    events: list[dict[str, Any]] = [
        {"event": "user"},
        {"event": "bot", "metadata": {"asks_key": asked}},
    ]
    done = await desk.run(ACTION, text="780 555 0199", events=events)
    assert "not confirmed" in done.message["text"]


async def test_what_was_asked_beside_is_answered_first(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["booking/status", "clinic/location"])
    assert [said["answer_ids"] for said in done.messages] == [
        ["clinic/location"],
        ["booking/status"],
        ["booking/status"],
    ]
