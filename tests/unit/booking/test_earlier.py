from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.booking.earlier import Aim, aim_of, wish_in
from bot.booking.model import Booking, Status

NOW = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)
WEDNESDAY = Booking(
    "Sam",
    "neck",
    "wednesday at 10 (Wednesday 9 December 2026)",
    "first",
    True,
    reference="B7K-3QD",
    conversation_id="web:a",
    channel="web",
    status=Status.RECEIVED,
    created_at=NOW,
    updated_at=NOW,
)
CANCEL, CHANGE = "booking/cancel", "booking/change"


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("please cancel my wednesday appointment", Aim.EARLIER),
        ("cancel B7K-3QD", Aim.EARLIER),
        ("move b7k3qd to thursday", Aim.EARLIER),
        ("can you cancel the other one", Aim.EARLIER),
        ("i can't make my existing appointment", Aim.EARLIER),
        ("cancel the visit i already booked", Aim.EARLIER),
        ("cancel wednesday", Aim.EARLIER),
        ("change my wednesday visit to monday", Aim.EARLIER),
        ("cancel my appointment", Aim.EITHER),
        ("I need to reschedule my visit", Aim.EITHER),
        ("cancel", Aim.DRAFT),
        ("cancel this request", Aim.DRAFT),
        ("cancel friday", Aim.DRAFT),
        ("change the day to wednesday", Aim.DRAFT),
        ("make it wednesday", Aim.DRAFT),
        ("it's my first visit", Aim.DRAFT),
        ("did you cancel my wednesday appointment?", Aim.DRAFT),
        ("my wednesday appointment is at ten", Aim.DRAFT),
    ],
)
def test_a_message_in_the_form_is_about_one_of_the_two(text: str, aim: Aim) -> None:
    assert aim_of(text, [WEDNESDAY], "friday morning") is aim


def test_without_a_request_sent_before_it_is_the_one_under_way() -> None:
    for text in ("cancel my wednesday appointment", "change my visit to friday", "cancel"):
        assert aim_of(text, [], "friday") is Aim.DRAFT


def test_a_day_that_both_are_for_says_nothing() -> None:
    assert aim_of("cancel wednesday", [WEDNESDAY], "wednesday at 3") is Aim.DRAFT
    other = replace(WEDNESDAY, preferred="any time")
    assert aim_of("cancel wednesday", [other], "friday") is Aim.DRAFT


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("cancel my visit", CANCEL),
        ("could you move my appointment?", CHANGE),
        ("rebook my session please", CHANGE),
        ("was my visit cancelled?", None),
        ("change the name", None),
        ("cancel", None),
        ("my appointment", None),
    ],
)
def test_a_wish_names_what_it_is_about(text: str, topic: str | None) -> None:
    assert wish_in(text) == topic
