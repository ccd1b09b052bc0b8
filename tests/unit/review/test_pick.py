from __future__ import annotations

from typing import Any

import pytest
from fakes.copies import copied

from bot.review.pick import Kind, Tally, expected_mistakes, pick, picked_for, value


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"outcome": "decline", "confidence": 0.4}, Kind.DECLINED),
        ({"outcome": "clarify", "confidence": 0.4}, Kind.CLARIFIED),
        ({"outcome": "emergency", "confidence": 1.0}, Kind.RED_FLAG),
        ({"outcome": "crisis", "confidence": 1.0}, Kind.RED_FLAG),
        ({"confidence": 0.79}, Kind.UNSURE),
        ({"confidence": 0.8}, None),
        # What is typed into the booking form is no question.
        ({"outcome": "booking", "confidence": 0.2}, None),
        ({"outcome": "failed", "confidence": None}, None),
        # A person had the conversation.
        ({"outcome": "with_staff", "confidence": 0.2}, None),
        # Another language, and a message without words.
        ({"outcome": "decline", "answer": "other/english_only"}, None),
        ({"outcome": "clarify", "text": "👍 !!"}, None),
    ],
)
def test_what_is_worth_a_look(changes: dict[str, Any], kind: Kind | None) -> None:
    picked = pick(copied(**changes), sample=0.0)
    assert (picked.kind if picked else None) is kind


def test_the_sample_is_a_share_and_always_the_same_one() -> None:
    numbers = range(1, 20_001)
    drawn = [n for n in numbers if pick(copied(inbox_id=n), sample=0.1)]
    assert 0.09 < len(drawn) / len(numbers) < 0.11
    assert drawn == [n for n in numbers if pick(copied(inbox_id=n), sample=0.1)]
    assert all(pick(copied(inbox_id=n), sample=1.0) for n in numbers)


def test_the_strongest_reason_stands_first() -> None:
    picked = picked_for(copied(), [Kind.SAMPLE, Kind.DECLINED, Kind.THUMBS_DOWN, Kind.DECLINED])
    assert picked.kinds == (Kind.THUMBS_DOWN, Kind.DECLINED, Kind.SAMPLE)


def test_messages_that_say_the_same_are_the_same_with_the_same_answer() -> None:
    def key(text: str, **changes: Any) -> str:
        return picked_for(copied(text, **changes), [Kind.SAMPLE]).sameness

    assert key("Does it HURT?!") == key("does it hurt")
    assert key("does it hurt") != key("does it hurt", answer="clinic/fees")
    assert key("does it hurt") != key("does it help")


def test_reviewers_teach_what_to_ask() -> None:
    """Where they find nothing, less is asked; where they find much, more."""
    new = expected_mistakes(Kind.DECLINED, Tally())
    assert expected_mistakes(Kind.DECLINED, Tally(20, 0)) < new
    assert expected_mistakes(Kind.DECLINED, Tally(20, 20)) > new
    fruitless = {Kind.DECLINED: Tally(40, 0)}
    assert value(Kind.DECLINED, 0.6, 1, {}) > value(Kind.UNSURE, 0.3, 1, {})
    assert value(Kind.DECLINED, 0.6, 1, fruitless) < value(Kind.UNSURE, 0.3, 1, fruitless)


def test_the_more_unsure_and_the_more_often_the_sooner() -> None:
    assert value(Kind.UNSURE, 0.6, 1, {}) > value(Kind.UNSURE, 0.3, 1, {})
    assert value(Kind.UNSURE, 0.3, 8, {}) > value(Kind.UNSURE, 0.3, 1, {})
    everything = {kind: value(kind, 0.5, 1, {}) for kind in Kind}
    assert max(everything, key=everything.__getitem__) is Kind.THUMBS_DOWN
    assert min(everything, key=everything.__getitem__) is Kind.SAMPLE
