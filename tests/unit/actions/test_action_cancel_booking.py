from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.booking import Status, staff

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_cancel_booking"


async def test_it_cancels_the_request_and_tells_staff(desk: Desk) -> None:
    reference = await desk.book()
    done = await desk.run(ACTION, text="cant make it")
    assert reference in done.message["text"]
    assert (await desk.services.bookings.get(reference)).status is Status.CANCELLED
    (alert,) = await desk.services.alerts.open_alerts()
    assert (alert.kind, alert.level, alert.sign) == ("booking", "cancelled", reference)
    assert alert.conversation_id == "web:patient"
    assert (await desk.services.bookings.events(reference))[-1].detail == {"text": "cant make it"}
    assert (done.message["answer_ids"], done.message["outcome"]) == (["booking/cancel"], "booking")


@pytest.mark.parametrize(
    "text",
    [
        "can i cancel my visit please",
        "could you cancel, i have the flu",
        "i can't wait any longer, cancel it",
        "cancel my may 5 visit",
        "if possible cancel tomorrow",
        "I won't make it",
    ],
)
async def test_a_plain_wish_cancels_however_politely(desk: Desk, text: str) -> None:
    reference = await desk.book()
    await desk.run(ACTION, text=text)
    assert (await desk.services.bookings.get(reference)).status is Status.CANCELLED


async def _two(desk: Desk) -> tuple[str, str]:
    monday = await desk.book(key="one", preferred="monday (Monday 30 November 2026)")
    friday = await desk.book(key="two", preferred="friday am (Friday 4 December 2026)")
    return monday, friday


async def _statuses(desk: Desk, *references: str) -> list[str]:
    found = [await desk.services.bookings.get(reference) for reference in references]
    return [booking.status.value for booking in found]


async def test_of_several_it_asks_which_one_and_cancels_none(desk: Desk) -> None:
    monday, friday = await _two(desk)
    done = await desk.run(ACTION, text="cancel please")
    assert {button["title"] for button in done.message["buttons"]} == {monday, friday}
    assert await _statuses(desk, monday, friday) == ["received", "received"]
    await desk.run(ACTION, text=done.message["buttons"][1]["payload"])
    assert await _statuses(desk, monday, friday) == ["cancelled", "received"]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("cancel friday please", []),
        ("cancel dec 4", [("dec 4", "2026-12-04")]),
        ("cancel my visit on friday", [("friday", "2026-12-04")]),
    ],
)
async def test_of_several_the_one_of_the_day_is_cancelled(
    desk: Desk, text: str, entities: list[tuple[str, str]]
) -> None:
    monday, friday = await _two(desk)
    found = [_date(text, words, value) for words, value in entities]
    await desk.run(ACTION, text=text, entities=found)
    assert await _statuses(desk, monday, friday) == ["received", "cancelled"]


async def test_another_day_than_the_only_requests_is_asked_back(desk: Desk) -> None:
    reference = await desk.book(preferred="friday am (Friday 4 December 2026)")
    text = "cancel the 8th"
    done = await desk.run(ACTION, text=text, entities=[_date(text, "the 8th", "2026-12-08")])
    assert "Which request" in done.message["text"]
    assert await _statuses(desk, reference) == ["received"]


def _date(text: str, words: str, value: str) -> dict[str, Any]:
    start = text.index(words)
    return {
        "entity": "date",
        "start": start,
        "end": start + len(words),
        "text": words,
        "value": value,
    }


async def test_a_turn_run_again_after_a_crash_cancels_no_other(desk: Desk) -> None:
    monday, friday = await _two(desk)
    for _ in range(2):
        done = await desk.run(ACTION, text="cancel friday", message_id="m1")
        assert friday in done.message["text"]
    assert await _statuses(desk, monday, friday) == ["received", "cancelled"]


async def test_what_has_ended_is_told_and_stays(desk: Desk) -> None:
    reference = await desk.book()
    await desk.services.bookings.move(reference, Status.DECLINED, staff("Kim"))
    done = await desk.run(ACTION, text=f"cancel {reference}")
    assert "cannot offer a time" in done.message["text"]
    assert await _statuses(desk, reference) == ["declined"]


async def test_without_a_request_here_nothing_changes(desk: Desk) -> None:
    other = await desk.book(sender="web:somebody-else")
    for text in ("cancel", f"cancel {other}"):
        done = await desk.run(ACTION, text=text)
        assert "reference and the phone number" in done.texts[-1]
    assert await _statuses(desk, other) == ["received"]
    assert await desk.services.alerts.open_alerts() == []


async def test_with_reference_and_phone_it_is_cancelled_and_told_where_it_was_made(
    desk: Desk,
) -> None:
    other = await desk.book(sender="web:somebody-else")
    await desk.run(ACTION, text=f"cancel {other}, 780 555 0199, cant come")
    assert await _statuses(desk, other) == ["cancelled"]
    (letter,) = await desk.services.outbox.of_conversation("web:somebody-else")
    assert (letter.kind, letter.channel) == ("booking_cancelled", "web")
    assert f"{other} (friday morning) is cancelled" in letter.body
    # The number is the key, and is kept nowhere but where it was.
    event = (await desk.services.bookings.events(other))[-1]
    assert "0199" not in str(event.detail)


@pytest.mark.parametrize(
    "text",
    [
        "i dont want to cancel",
        "please do not cancel my visit",
        "what if i cancel?",
        "how do i cancel?",
        "who do i call to cancel",
        "can i cancel?",
        "i might cancel",
        "if it snows i cant come",
        "cancel my question",
        "i can't wait for my visit",
    ],
)
async def test_what_is_no_wish_to_cancel_cancels_nothing(desk: Desk, text: str) -> None:
    reference = await desk.book()
    await desk.run(ACTION, text=text)
    assert (await desk.services.bookings.get(reference)).status is Status.RECEIVED


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


@pytest.mark.parametrize("text", ["i want to cancel", "I wouldnt mind, cancel it", "want cancel"])
async def test_a_want_is_no_not(desk: Desk, text: str) -> None:
    reference = await desk.book()
    await desk.run(ACTION, text=text)
    assert await _statuses(desk, reference) == ["cancelled"]


async def test_inside_the_form_one_sent_before_is_cancelled_and_the_draft_stays(desk: Desk) -> None:
    monday, friday = await _two(desk)
    done = await desk.run(ACTION, text="please cancel my monday appointment", in_form=True)
    assert await _statuses(desk, monday, friday) == ["cancelled", "received"]
    assert done.events == []


async def test_inside_the_form_a_bare_cancel_gives_up_the_draft_alone(desk: Desk) -> None:
    monday, friday = await _two(desk)
    done = await desk.run(ACTION, text="cancel", in_form=True)
    assert "stopped the request" in done.message["text"]
    assert {"event": "active_loop", "name": None, "timestamp": None} in done.events
    assert await _statuses(desk, monday, friday) == ["received", "received"]


async def test_inside_the_form_it_asks_which_when_it_could_be_either(desk: Desk) -> None:
    reference = await desk.book()
    done = await desk.run(ACTION, text="cancel my appointment", in_form=True)
    assert reference in done.message["text"]
    assert [b["title"] for b in done.message["buttons"]] == [reference, "This one"]
    assert (done.events, await _statuses(desk, reference)) == ([], ["received"])


async def test_inside_the_form_a_question_about_cancelling_ends_nothing(desk: Desk) -> None:
    done = await desk.run(ACTION, text="how do i cancel", in_form=True)
    assert (done.events, done.message["answer_ids"]) == ([], ["booking/cancel"])


async def test_a_request_on_hold_is_dropped(desk: Desk) -> None:
    on_hold = (
        {"event": "active_loop", "name": "booking_form"},
        {"event": "bot", "metadata": {"utter_action": "utter_booking_paused"}},
        {"event": "active_loop", "name": None},
    )
    done = await desk.run(ACTION, text="please cancel my request", events=on_hold)
    assert done.texts[-1] == "All right, I've stopped the request and nothing was sent."
