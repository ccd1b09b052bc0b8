"""Finds two questions in one message: "how much is it and does it hurt"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.nlu.abstention import DECISION
from bot.nlu.decision import (
    COSTS,
    FLOWS,
    OUT_OF_SCOPE,
    SAFETY_GROUP,
    Decision,
    Ranking,
    decide,
    group,
    outcome_of,
)
from bot.nlu.language import is_foreign
from bot.turn.parse_data import decided, ranking_of
from bot.turn.pieces import Kind, Piece, pieces

Parse = Callable[[str], Awaitable[dict[str, Any]]]

MAX_ANSWERS = 3
CARDS = frozenset({"faq", "clinic"})
PRACTICAL = "clinic"
UNSURE = frozenset({"clarify", "decline"})
# Where one question drowns the other, the whole message says next to nothing for its topic.
FLOOR = 1e-4
# The weight, beside the topics', of a piece asking nothing. What is plainly a question can do
# without the whole message; anything else is believed as far as the whole bears it out.
NOTHING = {Kind.QUESTION: 1e-5, Kind.FRAGMENT: 1e-3, Kind.STATEMENT: 0.05}


async def both(text: str, own: dict[str, Any], parse: Parse) -> dict[str, Any]:
    """The parse data with every topic when two or three are asked for, else as it was.

    A wish for a visit or a person stands first among the topics, since the rules act on the first;
    the actions say the cards before they go on with it.

    Args:
        text: As the patient wrote it.
        own: How the pipeline understands the whole of it.
        parse: The pipeline, without red flags: the message has been read for them as it is.
    """
    asked = pieces(text) if _may_hold_more(own) else []
    if not asked:
        return own
    whole = dict(ranking_of(own))
    topics = [await _asked(piece, whole, parse) for piece in asked]
    return _settled(own, list(dict.fromkeys(filter(None, topics))))


async def _asked(piece: Piece, whole: Mapping[str, float], parse: Parse) -> str:
    """The topic a piece asks about; empty when that is none or not certain.

    What is asked of the clinic is the same whatever the patient tells before. What is asked of
    acupuncture is not: "is it safe" is another question after "i'm pregnant".
    """
    alone = _topic(piece, ranking_of(await parse(piece.text)), whole)
    if not piece.story or group(alone) == PRACTICAL:
        return alone
    return _topic(piece, ranking_of(await parse(f"{piece.story}, {piece.text}")), whole)


def _may_hold_more(own: dict[str, Any]) -> bool:
    """A warning stands alone, and another language is not answered at all."""
    is_flagged = any(group(topic) == SAFETY_GROUP for topic in own[DECISION]["topics"])
    return not is_flagged and not is_foreign(own)


def _topic(piece: Piece, ranking: Ranking, whole: Mapping[str, float]) -> str:
    """Takes a piece and the whole message as two readings of the same, and what is cheapest."""
    weights = {topic: p * max(whole.get(topic, 0.0), FLOOR) for topic, p in ranking}
    weights[OUT_OF_SCOPE] = weights.get(OUT_OF_SCOPE, 0.0) + NOTHING[piece.kind]
    total = sum(weights.values())
    best = sorted(weights.items(), key=lambda row: row[1], reverse=True)
    decision = decide([(topic, weight / total) for topic, weight in best], COSTS)
    is_clear = decision.outcome not in UNSURE and group(decision.topics[0]) in CARDS | FLOWS
    return decision.topics[0] if is_clear else ""


def _settled(own: dict[str, Any], topics: list[str]) -> dict[str, Any]:
    cards = [topic for topic in topics if group(topic) in CARDS]
    flows = [topic for topic in topics if group(topic) in FLOWS]
    if not cards or len(flows) > 1 or len(topics) == 1:
        return own
    together = (*flows, *cards)[:MAX_ANSWERS]
    return decided(own, Decision(outcome_of(together[0]), together, own[DECISION]["confidence"]))
