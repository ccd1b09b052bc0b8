"""A message with its reply, as staff review it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Below the first it is low, from the second on high.
LOW, HIGH = 0.5, 0.8
BANDS = ("unknown", "low", "middling", "high")


@dataclass(frozen=True)
class ReviewTurn:
    """One redacted exchange.

    Attributes:
        inbox_id: The message's number; grows in the order of taking.
        conversation_id: Whose conversation; never shown, since it may be a phone number.
        channel: web, sms or messenger.
        at: Aware; when the message came.
        text: The patient's words, redacted.
        reply: What was answered, redacted; as the inbox keeps it.
        outcome: What kind of reply it was.
        intent: The best topic; None when nothing was understood.
        confidence: That topic's probability; None when it is not known.
        answer: The first topic answered; empty when there was none.
        band: An index of ``BANDS``.
        is_latest: Whether it is the newest of its conversation.
        is_read: Whether somebody has marked the conversation as read since.
    """

    inbox_id: int
    conversation_id: str
    channel: str
    at: datetime
    text: str
    reply: Sequence[dict[str, Any]]
    outcome: str
    intent: str | None
    confidence: float | None
    answer: str
    band: int
    is_latest: bool = field(default=True)
    is_read: bool = field(default=False)


def band_of(confidence: float | None) -> int:
    """How sure the assistant was, as an index of ``BANDS``."""
    if confidence is None:
        return 0
    return 1 + (confidence >= LOW) + (confidence >= HIGH)
