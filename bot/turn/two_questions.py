"""Finds two questions in one message: "how much is it and does it hurt"."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.nlu.abstention import DECISION
from bot.nlu.decision import Decision, group
from bot.turn.parse_data import decided

Parse = Callable[[str], Awaitable[dict[str, Any]]]

MAX_PARTS = 5
MAX_ANSWERS = 2
MIN_WORDS = 2
LOOKED_AT = 600
# A part alone says less than the message; below this its topic is a guess. What is no question
# ("i'm on warfarin") may be a back-story, and must be surer.
SURE = 0.7
SURE_STATEMENT = 0.92
ANSWERED = frozenset({"faq", "clinic"})

_BREAK = re.compile(
    r"[.?!;\n]+\s*|\s*,\s*(?:and|also|plus|but)\s+|\s+(?:and|also|plus|n|&|\+)\s+|\s*,\s*",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^(?:(?:and|also|plus|but|so|then|ok|okay|hi|hello|hey|um|oh|well)\b[\s,]*)*"
    r"(?:what|whats|what's|when|where|wheres|who|whos|why|how|hows|which|is|are|am|do|does|did|can|"
    r"could|will|would|should|shall|may|has|have|any|do\s*u|r\s*u|cost|price|prices|hours|parking|"
    r"i\s+(?:also\s+)?(?:need|want|would\s+like)\s+to\s+know|i\s+wonder|wondering|tell\s+me|"
    r"what\s+about|if)\b",
    re.IGNORECASE,
)

_LEANING = re.compile(r"\b(?:it|this|that|these|those|them|they|she|he|her|him)\b", re.IGNORECASE)


def parts(text: str) -> list[str]:
    """The pieces of a message that may be questions of their own; empty when it is one piece."""
    pieces = [piece.strip() for piece in _BREAK.split(text[:LOOKED_AT])]
    whole = _joined([piece for piece in pieces if len(piece.split()) >= MIN_WORDS])
    questions = sum(is_question(piece) for piece in whole)
    return whole if MAX_ANSWERS <= len(whole) <= MAX_PARTS and questions else []


def _joined(pieces: Sequence[str]) -> list[str]:
    """Puts "is it safe" back to the statement before it that says what "it" is about."""
    joined: list[str] = []
    for piece in pieces:
        before = joined[-1] if joined else ""
        if before and _LEANING.search(piece) and is_question(piece) and not is_question(before):
            joined[-1] = f"{before}, {piece}"
        else:
            joined.append(piece)
    return joined


def is_question(part: str) -> bool:
    """Whether a part asks by its first words."""
    return _QUESTION.match(part) is not None


async def both(text: str, own: dict[str, Any], parse: Parse) -> dict[str, Any]:
    """The parse data with both topics when two questions are certain, else as it was.

    Args:
        text: As the patient wrote it.
        own: How the pipeline understands the whole of it.
        parse: The pipeline, without red flags: the message has been read for them as it is.
    """
    asked = parts(text)
    if not asked or not _may_hold_more(own):
        return own
    topics = _sure([(part, (await parse(part))[DECISION]) for part in asked])
    if len(topics) != MAX_ANSWERS:
        return own
    return decided(own, Decision("answer", topics, own[DECISION]["confidence"]))


def _may_hold_more(own: dict[str, Any]) -> bool:
    """Bookings, warnings and a wish for a person have a flow that a second answer would disturb."""
    return all(group(topic) in ANSWERED for topic in own[DECISION]["topics"])


def _sure(read: Sequence[tuple[str, dict[str, Any]]]) -> tuple[str, ...]:
    topics = [
        topic
        for part, decision in read
        if decision["outcome"] == "answer"
        and decision["confidence"] >= (SURE if is_question(part) else SURE_STATEMENT)
        for topic in decision["topics"]
        if group(topic) in ANSWERED
    ]
    return tuple(dict.fromkeys(topics))
