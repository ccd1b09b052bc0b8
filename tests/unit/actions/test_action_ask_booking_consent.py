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
    assert "?" in text
    assert done.events == []


@pytest.mark.parametrize(
    ("visit", "words"), [("first", "first visit"), ("returning", "been here before")]
)
async def test_the_kind_of_visit_is_in_plain_words(desk: Desk, visit: str, words: str) -> None:
    done = await desk.run(ACTION, slots={**SLOTS, "booking_visit": visit})
    assert words in done.message["text"]


@pytest.mark.parametrize(
    ("contact", "words", "choices"),
    [
        ("+17805550199", "text or call you at 780-555-0199", ["Text me", "Call me"]),
        ("+442079460018", "call you at +44 20 7946 0018", ["Call me"]),
        ("sam@example.com", "email you at sam@example.com", ["Email me"]),
    ],
)
async def test_it_offers_the_ways_in_which_the_contact_can_be_used(
    desk: Desk, contact: str, words: str, choices: list[str]
) -> None:
    done = await desk.run(ACTION, slots={**SLOTS, "booking_contact": contact})
    assert words in done.message["text"]
    (wording,) = desk.responses[done.message["response"]]
    titles = [button["title"] for button in wording["buttons"]]
    assert titles == [*choices, "No, don't send it"]


async def test_it_never_asks_for_a_word_that_phone_companies_keep_for_themselves(
    desk: Desk,
) -> None:
    for name, wordings in desk.responses.items():
        for wording in wordings:
            asked = wording["text"].lower().replace("\n", " ")
            assert not any(f"reply '{word}'" in asked for word in ("yes", "cancel", "stop")), name
