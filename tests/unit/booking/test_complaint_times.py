from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.booking.answers import Asked, read_answer
from bot.booking.complaint_times import without_complaint
from bot.booking.opening import Doors
from bot.reading import WHEN, read

NOW = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)


def _times(text: str) -> list[str]:
    found = without_complaint(read(text, NOW, "America/Edmonton", "AB"))
    return [entity.text for entity in found.of(*WHEN)]


@pytest.mark.parametrize(
    "text",
    [
        "book an appointment for my back pain at night",
        "can i get an appointment, my neck is stiff in the morning",
        "my back hurts every night, can i book",
        "visit for headaches in the evenings",
        "my shoulder wakes me up at 3am, i want to book",
        "in the morning my neck is stiff, can i get an appointment",
        "appointment please. at night it really hurts",
        "i'd like a visit, pain is worse in the evening",
        "need a slot for insomnia all night",
        "can i book, bad back in the mornings",
    ],
)
def test_a_time_of_the_complaint_is_no_wish(text: str) -> None:
    assert _times(text) == []
    reading = read_answer(text, Asked(None, False, NOW, "America/Edmonton", Doors(lambda d: False)))
    assert "preferred" not in reading.values


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("can i come in the morning, my neck is stiff", ["morning"]),
        ("can i come in for my sore neck in the afternoon", ["in the afternoon"]),
        ("friday morning for my back pain", ["friday", "morning"]),
        ("book my back pain friday at 3", ["friday", "at 3"]),
        ("stiff neck, mornings please", ["mornings"]),
        ("sore back in the morning on friday", ["in the morning", "friday"]),
        ("my back hurts. mornings are best", ["mornings"]),
    ],
)
def test_a_wish_beside_a_complaint_is_kept(text: str, times: list[str]) -> None:
    assert [said.removeprefix("in the ") for said in _times(text)] == [
        said.removeprefix("in the ") for said in times
    ]
