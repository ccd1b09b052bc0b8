"""Finds two questions in one message: "how much is it and does it hurt"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.nlu.abstention import DECISION
from bot.nlu.decision import (
    FLOWS,
    SAFETY_GROUP,
    Decision,
    Ranking,
    group,
    outcome_of,
)
from bot.nlu.language import is_foreign
from bot.turn.fee_for_that import meant
from bot.turn.parse_data import decided, ranking_of
from bot.turn.pieces import Kind, Piece, pieces

Parse = Callable[[str], Awaitable[dict[str, Any]]]

MAX_ANSWERS = 3
CARDS = frozenset({"faq", "clinic"})
# What is asked of these is the same whatever the patient tells before.
PRACTICAL, CONTACT = "clinic", "clinic/contact"
BY_ITSELF = frozenset(
    f"faq/{topic}"
    for topic in (
        "added_therapies",
        "aftercare",
        "does_it_hurt",
        "how_many_sessions",
        "prepare",
        "session_length",
        "what_to_expect",
    )
)
# Where one question drowns the other, the whole message says next to nothing for its topic: a plain
# question is then believed by itself, anything else as far as the whole bears it out.
FLOOR = {Kind.QUESTION: 2e-3, Kind.FRAGMENT: 1e-4, Kind.STATEMENT: 1e-4}
# The weight, beside the topics', of a piece asking nothing.
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
    found = [await _asked(piece, whole, parse) for piece in asked]
    topics = [meant(t, piece.text, found) for t, piece in zip(found, asked, strict=True)]
    return _settled(own, list(dict.fromkeys(filter(None, topics))))


async def _asked(piece: Piece, whole: Mapping[str, float], parse: Parse) -> str:
    """The topic a piece asks about; empty when that is none or not certain.

    What is asked of the clinic is the same whatever the patient tells before. What is asked of
    acupuncture is not: "is it safe" is another question after "i'm pregnant".
    """
    own = ranking_of(await parse(piece.text))
    alone = _topic(piece, own, whole)
    stands = (group(alone) == PRACTICAL or alone in BY_ITSELF) and alone == own[0][0]
    if not piece.story or stands:
        return alone
    told = _topic(piece, ranking_of(await parse(f"{piece.story}, {piece.text}")), whole)
    return told or alone


def _may_hold_more(own: dict[str, Any]) -> bool:
    """A warning stands alone, and another language is not answered at all."""
    is_flagged = any(group(topic) == SAFETY_GROUP for topic in own[DECISION]["topics"])
    return not is_flagged and not is_foreign(own)


def _topic(piece: Piece, ranking: Ranking, whole: Mapping[str, float]) -> str:
    """Takes a piece and the whole message as two readings of the same.

    Nothing can be offered beside an answer, so a piece is answered where its topic is likelier than
    all else together, and left otherwise.
    """
    weights = {topic: p * max(whole.get(topic, 0.0), FLOOR[piece.kind]) for topic, p in ranking}
    asked = {topic: weight for topic, weight in weights.items() if group(topic) in CARDS | FLOWS}
    if not asked:
        return ""
    best = max(asked, key=lambda topic: asked[topic])
    return best if asked[best] > (sum(weights.values()) + NOTHING[piece.kind]) / 2 else ""


def _settled(own: dict[str, Any], topics: list[str]) -> dict[str, Any]:
    cards = [topic for topic in topics if group(topic) in CARDS]
    flows = [topic for topic in topics if group(topic) in FLOWS]
    if len(topics) == 1 and _is_drowned(topics[0], own[DECISION]["outcome"]):
        confidence = own[DECISION]["confidence"]
        return decided(own, Decision(outcome_of(topics[0]), (topics[0],), confidence))
    if not cards or len(flows) > 1 or len(topics) == 1:
        return own
    together = (*flows, *cards)[:MAX_ANSWERS]
    return decided(own, Decision(outcome_of(together[0]), together, own[DECISION]["confidence"]))


def _is_drowned(topic: str, outcome: str) -> bool:
    """Whether the one question that can be answered is drowned by a story or by another.

    A message declined as a whole is about something else, but for what is asked of the clinic.
    """
    return outcome == "clarify" or (
        outcome == "decline" and group(topic) == PRACTICAL and topic != CONTACT
    )
