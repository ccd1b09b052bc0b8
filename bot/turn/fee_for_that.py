"""A fee "for that": with a wish to cancel or move a visit, the clinic's policy is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.nlu.abstention import DECISION
from bot.nlu.decision import Decision, outcome_of
from bot.turn.parse_data import decided
from bot.turn.standing_advice import Recall

FEES, POLICY = "clinic/fees", "clinic/cancellation_policy"
_AFTER = frozenset({"booking/cancel", "booking/change", POLICY})
# "How much is it" may ask for the price of a visit; these ask what the cancelling costs.
_FOR_THAT = re.compile(
    r"\b(?:for|to do|if i do|doing) (?:that|this|it|so)\b|\bcharged?\b|\b(?:penalty|fined?)\b",
    re.IGNORECASE,
)


def meant(topic: str, text: str, others: Iterable[str]) -> str:
    """The topic a question is about, given those beside it or just before it.

    Args:
        topic: What the question is about by itself.
        text: The question.
        others: The topics it may lean on.
    """
    is_policy = topic == FEES and not _AFTER.isdisjoint(others) and _FOR_THAT.search(text)
    return POLICY if is_policy else topic


async def settle(text: str, own: dict[str, Any], recall: Recall | None) -> dict[str, Any] | None:
    """The parse data of a question on the fee for what was asked just before; None for any other.

    Args:
        text: As the patient wrote it.
        own: How the pipeline understands it by itself.
        recall: Tells what was said before; asked only when it matters.
    """
    topics = list(own[DECISION]["topics"])
    if recall is None or topics[:1] != [FEES] or meant(FEES, text, (POLICY,)) == FEES:
        return None
    before = await recall()
    topic = meant(FEES, text, (*before.topics, before.key_for))
    return None if topic == FEES else decided(own, Decision(outcome_of(topic), (topic,), 1.0))
