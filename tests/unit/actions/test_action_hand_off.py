from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_hand_off"


async def test_staff_are_alerted_and_the_patient_hears_how_to_reach_them(desk: Desk) -> None:
    done = await desk.run(ACTION, text="let me talk to a human")
    (alert,) = await desk.services.alerts.open_alerts()
    assert (alert.kind, alert.conversation_id) == ("handoff", "web:patient")
    assert "human" not in f"{alert.level} {alert.sign}"
    assert done.message["answer_ids"] == ["handoff/human"]
    assert done.message["outcome"] == "handoff"
    assert desk.services.profile.phone in done.message["text"]


async def test_a_request_under_way_is_said_to_be_on_hold(desk: Desk) -> None:
    done = await desk.run(ACTION, in_form=True)
    assert len(done.messages) == 2
    assert "on hold" in done.texts[1]


async def test_nothing_is_promised_when_staff_cannot_be_alerted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*values: str) -> None:
        raise OSError

    monkeypatch.setattr(desk.services.alerts, "add", fail)
    with pytest.raises(OSError):
        await desk.run(ACTION)


async def test_what_was_asked_beside_is_answered_first(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["handoff/human", "clinic/fees"])
    assert [said["answer_ids"] for said in done.messages] == [["clinic/fees"], ["handoff/human"]]
