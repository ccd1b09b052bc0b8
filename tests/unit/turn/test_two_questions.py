from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.nlu.decision import Decision
from bot.turn.parse_data import decided
from bot.turn.two_questions import MAX_PARTS, both, is_question, parts

# What the pipeline would say of each piece: topic and probability.
KNOWN = {
    "how much is it": ("clinic/fees", 0.95),
    "does it hurt": ("faq/does_it_hurt", 0.97),
    "will it sting": ("faq/does_it_hurt", 0.9),
    "are you open sunday": ("clinic/hours", 0.6),
    "i'm on warfarin": ("faq/blood_thinners", 0.99),
    "my back is sore": ("faq/muscle_tension", 0.8),
    "can i come tuesday": ("booking/request", 0.95),
}


def _parsed(topic: str, confidence: float) -> dict[str, Any]:
    kind = "booking" if topic.startswith("booking") else "answer"
    return decided({"text": "", "entities": []}, Decision(kind, (topic,), confidence))


async def _parse(text: str) -> dict[str, Any]:
    topic, confidence = KNOWN.get(text, ("faq/what_to_expect", 0.2))
    return _parsed(topic, confidence)


def _topics(text: str, own: str = "clinic/fees") -> list[str]:
    result = asyncio.run(both(text, _parsed(own, 0.5), _parse))
    return list(result["decision"]["topics"])


@pytest.mark.parametrize(
    "text",
    [
        "how much is it and does it hurt",
        "how much is it? does it hurt",
        "how much is it, also does it hurt",
        "how much is it n does it hurt",
    ],
)
def test_two_certain_questions_are_both_answered(text: str) -> None:
    assert _topics(text) == ["clinic/fees", "faq/does_it_hurt"]


def test_a_certain_statement_counts_beside_a_question() -> None:
    assert _topics("i'm on warfarin. how much is the visit, how much is it") != []
    assert _topics("does it hurt, i'm on warfarin") == ["faq/does_it_hurt", "faq/blood_thinners"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("how much is it", "one question"),
        ("does it hurt and will it sting", "the same topic twice"),
        ("how much is it and are you open sunday", "the second is a guess"),
        ("does it hurt, my back is sore", "a back-story"),
        ("i'm on warfarin, does it hurt", "the question leans on the statement"),
    ],
)
def test_one_question_keeps_its_own_decision(text: str, why: str) -> None:
    assert _topics(text) == ["clinic/fees"], why


@pytest.mark.parametrize("own", ["booking/request", "handoff/human", "safety/urgent"])
def test_a_flow_of_its_own_is_not_disturbed(own: str) -> None:
    assert _topics("how much is it and does it hurt", own) == [own]


def test_a_booking_is_no_second_answer() -> None:
    assert _topics("how much is it and can i come tuesday") == ["clinic/fees"]


def test_a_list_of_questions_is_not_taken_apart() -> None:
    assert parts(" and ".join(["how much is it"] * (MAX_PARTS + 1))) == []
    assert len(parts(" and ".join(["how much is it"] * MAX_PARTS))) == MAX_PARTS


@pytest.mark.parametrize("text", ["", "?", "...", "hello", "a, b, c", "疼吗,多少钱", "and and and"])
def test_texts_without_two_questions(text: str) -> None:
    assert parts(text) == []


def test_what_asks() -> None:
    assert is_question("also is there parking")
    assert not is_question("my knee is sore")
