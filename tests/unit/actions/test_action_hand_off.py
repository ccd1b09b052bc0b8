from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from bot.handoff import State

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_hand_off"


OPEN = "2026-11-05T10:00-07:00"
CLOSED = "2026-11-05T20:00-07:00"


def _clock(desk: Desk, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    monkeypatch.setattr(desk.services.handoffs, "_clock", lambda: datetime.fromisoformat(at))


async def test_staff_see_the_wish_and_the_patient_hears_who_answers_when(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _clock(desk, monkeypatch, OPEN)
    done = await desk.run(ACTION, text="let me talk to a human", sender="sms:+1", channel="sms")
    (waiting,) = await desk.services.handoffs.open_ones()
    assert (waiting.state, waiting.conversation_id) == (State.WAITING, "sms:+1")
    assert waiting.channel == "sms"
    assert done.message["answer_ids"] == ["handoff/human"]
    assert done.message["outcome"] == "handoff"
    assert desk.services.profile.phone in done.message["text"]
    assert "open until 7:00 pm today" in done.message["text"]


async def test_outside_opening_hours_the_next_opening_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _clock(desk, monkeypatch, CLOSED)
    done = await desk.run(ACTION)
    assert "opens on Friday 6 November 2026 at 9:00 am" in done.message["text"]
    assert done.message["answer_ids"] == ["handoff/human"]


async def test_a_request_under_way_is_said_to_be_on_hold(desk: Desk) -> None:
    done = await desk.run(ACTION, in_form=True)
    assert len(done.messages) == 2
    assert "on hold" in done.texts[1]


async def test_nothing_is_promised_when_the_wish_cannot_be_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*values: str) -> None:
        raise OSError

    monkeypatch.setattr(desk.services.handoffs, "ask", fail)
    with pytest.raises(OSError):
        await desk.run(ACTION)


async def test_what_was_asked_beside_is_answered_first(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["handoff/human", "clinic/fees"])
    assert [said["answer_ids"] for said in done.messages] == [["clinic/fees"], ["handoff/human"]]
