"""What is said to a step that is done: the same choice once more, or that a move is off again."""

from __future__ import annotations

import re
from typing import Any

from bot.nlu.abstention import DECISION
from bot.nlu.decision import SAFETY_GROUP, Decision, group, outcome_of
from bot.turn.before import AGAIN, TAKES_BACK, Before
from bot.turn.parse_data import decided
from bot.turn.replies import folded
from bot.turn.standing_advice import Recall

STATUS, CHANGE, REQUEST = "booking/status", "booking/change", "booking/request"
DENY, STOP = "dialogue/deny", "dialogue/stop"
# What the choices of the booking form send, and the words its last question asks for.
REFUSAL = "no, don't send it"
CHOICES = frozenset({
    "it's my first visit", "i have been before", "text me", "call me", "email me", REFUSAL,
    "text", "call", "email",
})  # fmt: skip
# A wish to leave the visit as it was, said after one to move it.
_KEEPS = re.compile(
    r"\b(?:keep|leave|stick\s+(?:with|to)|stay\s+with)\s+(?:it|that|this|things|everything|my|the|what|as)\b"
    r"|\b(?:don'?t|do\s+not|no\s+need\s+to|not)\s+(?:change|move|reschedule|bother)\b"
    r"|\b(?:never\s*mind|nvm|forget\s+(?:it|that|about\s+(?:it|that)))\b"
    r"|\b(?:no\s+change|changed\s+my\s+mind|as\s+it\s+(?:is|was)|cancel\s+the\s+(?:change|move))\b",
    re.IGNORECASE,
)
# With one of these another time may be meant after all, or another wish.
_GOES_ON = re.compile(
    r"\?|\b(?:but|instead|rather|cancel\s+(?!the\s+(?:change|move)\b)\w+|book|make\s+it)\b",
    re.IGNORECASE,
)
LONGEST = 12


async def settle(text: str, own: dict[str, Any], recall: Recall | None) -> dict[str, Any] | None:
    """The parse data of a message that goes back to a step that is done.

    Args:
        text: As the patient wrote it.
        own: How the pipeline understands it by itself.
        recall: Tells what was said before; asked only when it matters.
    """
    topics = own[DECISION]["topics"]
    if recall is None or any(group(topic) == SAFETY_GROUP for topic in topics):
        return None
    is_choice = _choice(text) in CHOICES
    is_no = bool(topics) and topics[0] in {DENY, STOP}
    keeps = _keeps(text)
    if not (is_choice or is_no or keeps):
        return None
    before = await recall()
    if is_choice and _choice(before.tapped) in CHOICES:
        return _tapped_again(_choice(text), own, before)
    is_asked = before.key_for == CHANGE
    takes_back = keeps or (is_no and (is_asked or topics[0] == STOP))
    if takes_back and before.moves and not before.is_booking:
        return {**_about(own, CHANGE), TAKES_BACK: True}
    return None


def _tapped_again(choice: str, own: dict[str, Any], before: Before) -> dict[str, Any] | None:
    """The form asks its present question again; after it, the patient hears how things stand."""
    is_same = choice == _choice(before.tapped)
    if before.is_booking:
        # Another choice corrects the one before it.
        return {**_about(own, REQUEST), AGAIN: True} if is_same else None
    return _about(own, DENY if is_same and choice == REFUSAL else STATUS)


def _about(own: dict[str, Any], topic: str) -> dict[str, Any]:
    return decided(own, Decision(outcome_of(topic), (topic,), 1.0))


def _choice(text: str) -> str:
    return folded(text.replace("\u2019", "'"))


def _keeps(text: str) -> bool:
    plain = text.replace("\u2019", "'")
    is_short = len(plain.split()) <= LONGEST
    return is_short and _KEEPS.search(plain) is not None and _GOES_ON.search(plain) is None
