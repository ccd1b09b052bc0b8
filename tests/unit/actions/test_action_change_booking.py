from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    assert (after.status, after.preferred) == (Status.RECEIVED, before.preferred)


async def test_of_several_it_asks_which_one(desk: Desk) -> None:
    references = [await desk.book(key=key, preferred=f"any {key}day") for key in ("mon", "fri")]
    done = await desk.run(ACTION, text="can i come later")
    assert {button["title"] for button in done.message["buttons"]} == set(references)
    done = await desk.run(ACTION, text="can my monday visit be later")
    assert references[0] in done.message["text"]


async def test_without_a_request_here_nothing_changes(desk: Desk) -> None:
    other = await desk.book(sender="web:somebody-else")
    for text in ("move it", f"move {other}"):
        done = await desk.run(ACTION, text=text)
        assert "reference and the phone number" in done.texts[-1]
    assert len(await desk.services.bookings.events(other)) == 1
    assert await desk.services.alerts.open_alerts() == []


async def test_with_reference_and_phone_the_wish_is_passed_on_from_anywhere(desk: Desk) -> None:
    other = await desk.book(sender="web:somebody-else")
    await desk.run(ACTION, text=f"move {other} to monday. 780 555 0199")
    event = (await desk.services.bookings.events(other))[-1]
    assert (event.change, event.actor) == ("change", "patient")
    assert "monday" in event.detail["text"]


async def test_what_was_asked_beside_is_answered_first(desk: Desk) -> None:
    await desk.book()
    done = await desk.run(ACTION, topics=["booking/change", "clinic/location"])
    assert [said["answer_ids"] for said in done.messages] == [
        ["clinic/location"],
        ["booking/change"],
    ]


async def test_a_question_whether_it_can_be_moved_asks_when_and_records_nothing(desk: Desk) -> None:
    reference = await desk.book()
    done = await desk.run(ACTION, text="can i change my visit?")
    assert "Which days and times" in done.message["text"]
    assert done.message["asks_key"] == {"topic": "booking/change", "reference": reference}
    assert len(await desk.services.bookings.events(reference)) == 1


async def test_a_wish_without_a_time_is_passed_on_and_the_time_is_asked_for(desk: Desk) -> None:
    reference = await desk.book()
    done = await desk.run(ACTION, text="i need to move my visit")
    assert "Which days and times" in done.message["text"]
    asked = {"event": "bot", "text": "", "metadata": {"asks_key": done.message["asks_key"]}}
    events: list[dict[str, Any]] = [{"event": "user", "text": "i need to move my visit"}, asked]
    done = await desk.run(ACTION, text="any monday", events=events)
    assert "passed your wish on" in done.message["text"]
    told = [e.detail["text"] for e in (await desk.services.bookings.events(reference))[1:]]
    assert told == ["i need to move my visit", "any monday"]


async def test_a_day_on_which_nobody_can_come_is_told_and_not_passed_on(desk: Desk) -> None:
    reference = await desk.book()
    done = await desk.run(ACTION, text="change my visit to sunday")
    assert "closed on Sunday" in done.message["text"]
    assert done.message["asks_key"]["reference"] == reference
    assert len(await desk.services.bookings.events(reference)) == 1


async def test_a_visit_of_another_day_is_asked_back(desk: Desk) -> None:
    reference = await desk.book(preferred="wednesday (Wednesday 9 December 2026)")
    done = await desk.run(ACTION, text="change my friday visit")
    assert "Which request" in done.message["text"]
    done = await desk.run(ACTION, text="change my wednesday visit to friday")
    assert "passed your wish on" in done.message["text"]
    assert len(await desk.services.bookings.events(reference)) == 2


async def test_inside_the_form_only_one_sent_before_is_changed(desk: Desk) -> None:
    reference = await desk.book(preferred="wednesday (Wednesday 9 December 2026)")
    done = await desk.run(ACTION, text="change it", in_form=True)
    assert "go on with your request" in done.message["text"]
    done = await desk.run(ACTION, text="move my wednesday visit to friday", in_form=True)
    assert reference in done.message["text"]
    # Another question would stand beside the form's own.
    for text in ("can i change my wednesday visit?", "move my wednesday visit to sunday"):
        done = await desk.run(ACTION, text=text, in_form=True)
        assert "passed your wish on" in done.message["text"]
        assert not done.message.get("asks_key")
    assert len(await desk.services.bookings.events(reference)) == 4


MARKS = {"takes_back": True}


def _spoke_of(reference: str) -> list[dict[str, Any]]:
    said = {"event": "bot", "text": "b", "metadata": {"moves": reference}}
    return [{"event": "user", "text": "move it"}, said]


async def test_a_wish_taken_back_is_told_to_staff_and_leaves_the_request(desk: Desk) -> None:
    await desk.book(key="other", preferred="any monday")
    reference = await desk.book()
    noted = await desk.run(ACTION, text=f"move {reference} to monday")
    assert noted.message["moves"] == reference
    done = await desk.run(ACTION, text="leave it", marks=MARKS, events=_spoke_of(reference))
    assert f"{reference} (friday morning) stays as it is" in done.message["text"]
    events = await desk.services.bookings.events(reference)
    assert [event.change for event in events] == ["received", "change", "change"]
    assert events[-1].detail["text"] == "leave it"
    signs = [alert.level for alert in await desk.services.alerts.open_alerts()]
    assert sorted(signs) == ["change_dropped", "change_wanted"]


async def test_a_wish_that_was_never_passed_on_needs_no_taking_back(desk: Desk) -> None:
    reference = await desk.book()
    asked = await desk.run(ACTION, text="can i move my visit?")
    assert asked.message["moves"] == reference
    done = await desk.run(ACTION, text="no", marks=MARKS, events=_spoke_of(reference))
    assert "stays as it is" in done.message["text"]
    assert len(await desk.services.bookings.events(reference)) == 1
    assert await desk.services.alerts.open_alerts() == []
