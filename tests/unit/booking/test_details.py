from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.booking.details import extract_details
from bot.reading import read

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
ZONE = "America/Edmonton"


def _picked(text: str) -> dict[str, str]:
    details = extract_details(read(text, NOW, ZONE, "AB"), NOW, ZONE)
    preferred = {"preferred": details.preferred.text} if details.preferred else {}
    return {**details.values, **preferred}


@pytest.mark.parametrize(
    ("text", "details"),
    [
        (
            "My name is Sam Lee, sam@example.com, I'd like an appointment tomorrow or "
            "friday after 3 for my neck pain please",
            {
                "name": "Sam Lee",
                "email": "sam@example.com",
                "preferred": "tomorrow or friday after 3",
                "reason": "neck pain",
            },
        ),
        (
            "can i book tuesday morning for my lower back, 780 555 0199",
            {"phone": "+17805550199", "preferred": "tuesday morning", "reason": "lower back"},
        ),
        (
            "new patient here, can you fit me in thursday between 5 and 6 for sciatica",
            {"visit": "first", "preferred": "thursday between 5 and 6", "reason": "sciatica"},
        ),
        (
            "I've been there before, need an appt for my shoulder on Dec 5 at 2pm",
            {"visit": "returning", "preferred": "Dec 5 at 2pm", "reason": "shoulder"},
        ),
        (
            "book appt for my sore back, mornings are best",
            {"preferred": "mornings", "reason": "sore back"},
        ),
        (
            "appointment for back pain not monday",
            {"preferred": "not monday", "reason": "back pain"},
        ),
        ("I fell yesterday. Can I get an appointment today?", {"preferred": "today"}),
        ("do you have anything tomorrow", {"preferred": "tomorrow"}),
        ("book me in for my husband on friday", {"preferred": "friday"}),
        ("hey can i see someone? my name’s sam", {"name": "sam"}),
    ],
)
def test_what_is_said_is_picked(text: str, details: dict[str, str]) -> None:
    assert _picked(text) == details


@pytest.mark.parametrize(
    "text",
    [
        "",
        "does it hurt",
        "are you open saturday?",
        "my back hurts every morning since monday",
        "it started tuesday after my session",
        "my name is on the list already",
        "im sore",
        "can you call me tomorrow",
        "book for 3 people",
        "first time ive had this pain",
        "i want to book for my birthday",
        "book me in for yesterday",
        "i paid 120 for 2 in 2019",
    ],
)
def test_what_is_in_doubt_is_left_out(text: str) -> None:
    assert _picked(text) == {}
