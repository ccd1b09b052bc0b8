from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_warn_red_flag"


@pytest.mark.parametrize(
    ("level", "number"), [("emergency", "911"), ("urgent", "811"), ("crisis", "988")]
)
async def test_the_number_stands_in_the_first_sentence(desk: Desk, level: str, number: str) -> None:
    for channel in ("web", "sms", "messenger"):
        done = await desk.run(ACTION, topics=[f"safety/{level}"], outcome=level, channel=channel)
        assert number in done.message["text"].split(". ")[0]
        assert done.message["answer_ids"] == [f"safety/{level}"]
        assert done.message["outcome"] == level


async def test_what_else_was_asked_is_answered_after_the_warning(desk: Desk) -> None:
    done = await desk.run(
        ACTION, topics=["safety/emergency"], outcome="emergency", also=["clinic/fees"]
    )
    ids = [message["answer_ids"] for message in done.messages]
    assert ids == [["safety/emergency"], ["clinic/fees"]]


async def test_a_request_under_way_is_said_to_be_on_hold_last(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["safety/urgent"], also=["clinic/fees"], in_form=True)
    assert len(done.messages) == 3
    assert "on hold" in done.texts[-1]
    assert "811" in done.texts[0]


async def test_a_visit_asked_for_beside_it_is_offered_for_later(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["safety/urgent"], outcome="urgent", wants_visit=True)
    assert "811" in done.texts[0]
    assert "nothing has been booked or changed" in done.texts[-1]


async def test_a_french_message_is_warned_in_french(desk: Desk) -> None:
    done = await desk.run(ACTION, topics=["safety/crisis"], outcome="crisis", language="fr")
    assert done.message["text"] == desk.library.render("safety/crisis", "web", "fr").text
    assert "988" in done.message["text"].split(". ")[0]
