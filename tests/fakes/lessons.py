"""Labelled messages as the learning reads them."""

from __future__ import annotations

from typing import Any

from bot.learning.traffic import Labelled
from bot.review.label import Item, Label, Verdict
from bot.review.pick import Kind
from fakes.copies import NOON, copied


def labelled(
    text: str,
    verdict: Verdict,
    topic: str | None = None,
    *,
    before: tuple[str, ...] = (),
    number: int = 1,
    draft_id: int | None = None,
    **turn: Any,
) -> Labelled:
    """A message that Kim labelled."""
    given = {"outcome": "decline", "confidence": 0.5, "answer": "other/out_of_scope", **turn}
    label = Label(number, number, "Kim", NOON, verdict, Kind.DECLINED, topic, draft_id)
    message = copied(text, inbox_id=number, **given)
    item = Item(message, (Kind.DECLINED,), 0.5, "done", None, None, label)
    return Labelled(item, before)
