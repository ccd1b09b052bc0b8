from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]

ACTION = "action_ask_booking_consent"
SLOTS = {
    "booking_preferred": "friday morning (Friday 27 November 2026)",
    "booking_name": "李小龙 {name}",
    "booking_contact": "sam@example.com",
    "booking_reason": "neck & <b>back</b>",
    "booking_visit": "returning",
}


async def test_it_repeats_the_whole_request_and_asks(desk: Desk) -> None:
    done = await desk.run(ACTION, slots=SLOTS, in_form=True)
    text = done.message["text"]
    for slot in ("booking_preferred", "booking_name", "booking_contact", "booking_reason"):
        assert SLOTS[slot] in text
    assert "been here before" in text
    assert text.rstrip().endswith("?")
    assert done.events == []


@pytest.mark.parametrize(
    ("visit", "words"), [("first", "first visit"), ("returning", "been here before")]
)
async def test_the_kind_of_visit_is_in_plain_words(desk: Desk, visit: str, words: str) -> None:
    done = await desk.run(ACTION, slots={**SLOTS, "booking_visit": visit})
    assert words in done.message["text"]
