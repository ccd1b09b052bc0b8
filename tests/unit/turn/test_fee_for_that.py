from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.turn.before import Before
from bot.turn.fee_for_that import FEES, POLICY, meant, settle
from bot.turn.parse_data import ranked

CANCEL = "booking/cancel"


@pytest.mark.parametrize(
    "text", ["is there a fee for that", "do you charge for it", "will I be charged", "any penalty?"]
)
def test_a_fee_for_cancelling_is_the_policy(text: str) -> None:
    assert meant(FEES, text, [CANCEL]) == POLICY


@pytest.mark.parametrize(
    ("topic", "text", "others", "why"),
    [
        (FEES, "how much is it", [CANCEL], "the price of a visit"),
        (FEES, "is there a fee for that", ["faq/added_therapies"], "nothing was cancelled"),
        ("clinic/hours", "are you open for that", [CANCEL], "no question on a fee"),
    ],
)
def test_any_other_question_keeps_its_topic(
    topic: str, text: str, others: list[str], why: str
) -> None:
    assert meant(topic, text, others) == topic, why


def _settled(text: str, before: Before | None, own: str = FEES) -> dict[str, Any] | None:
    async def recall() -> Before:
        assert before is not None, "nothing to ask for"
        return before

    return asyncio.run(settle(text, ranked({"text": text, "entities": []}, [(own, 1.0)]), recall))


@pytest.mark.parametrize(
    "before", [Before(topics=(POLICY,)), Before(topics=(CANCEL,)), Before(key_for="booking/change")]
)
def test_after_a_wish_to_cancel_or_move_it_is_the_policy(before: Before) -> None:
    parsed = _settled("is there a fee for doing that", before)
    assert parsed is not None
    assert parsed["decision"]["topics"] == [POLICY]


def test_after_anything_else_it_is_as_it_was() -> None:
    assert _settled("is there a fee for that", Before(topics=("faq/added_therapies",))) is None


def test_what_was_said_before_is_asked_for_only_where_it_matters() -> None:
    assert _settled("how much is a visit", None) is None
    assert _settled("are you open for that", None, own="clinic/hours") is None
    own = ranked({"text": "", "entities": []}, [(FEES, 1.0)])
    assert asyncio.run(settle("is there a fee for that", own, None)) is None
