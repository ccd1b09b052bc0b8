"""Redacted copies as tests need them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from bot.review.model import ReviewTurn, band_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


def copied(text: str = "does it hurt", **changes: Any) -> ReviewTurn:
    confidence = changes.get("confidence", 0.95)
    given: dict[str, Any] = {
        "inbox_id": 1,
        "conversation_id": "web:a",
        "channel": "web",
        "at": NOON,
        "text": text,
        "reply": [],
        "outcome": "answer",
        "intent": "faq/does_it_hurt",
        "confidence": confidence,
        "answer": "faq/does_it_hurt",
        "band": band_of(confidence),
    }
    return ReviewTurn(**{**given, **changes})
