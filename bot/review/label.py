"""What a reviewer says of a message, and why it cannot always be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.errors import BotError
from bot.review.model import ReviewTurn
from bot.review.pick import Kind

MAX_TITLE = 60


class Verdict(str, Enum):
    """What a reviewer may say; ``UNDONE`` takes back what was said before."""

    RIGHT = "right"
    WRONG = "wrong"
    NEW = "new"
    IGNORE = "ignore"
    UNDONE = "undone"


class ItemTaken(BotError):
    """Another reviewer has the message, or has labelled it."""

    code = "item_taken"
    status = 409


class BadLabel(BotError):
    """A label that says too little, or what cannot be."""

    code = "bad_label"
    status = 422


class ItemGone(BotError):
    """There is no such message in the queue, or not any more."""

    code = "item_gone"
    status = 404


@dataclass(frozen=True)
class Label:
    """What was said, by whom and when.

    Attributes:
        id: Grows in the order of labelling.
        inbox_id: Of which message.
        by: The reviewer's name.
        at: Aware.
        verdict: What was said.
        kind: Why the message was in the queue.
        topic: The right topic; only with ``WRONG``.
        draft_id: The card that is wanted; only with ``NEW``.
    """

    id: int
    inbox_id: int
    by: str
    at: datetime
    verdict: Verdict
    kind: Kind
    topic: str | None = None
    draft_id: int | None = None


@dataclass(frozen=True)
class Judgement:
    """What somebody wants to say of a message; see ``Label`` for the fields."""

    verdict: Verdict
    topic: str | None = None
    draft_id: int | None = None


@dataclass(frozen=True)
class Item:
    """A message in the queue.

    Attributes:
        turn: The message with its reply, redacted.
        kinds: Why it is asked about, the strongest reason first.
        doubt: How unsure the assistant was, 0 to 1.
        state: ``open``, ``done``, or ``same`` when one that says the same was labelled.
        leased_by: Who is looking at it; None when nobody is.
        leased_until: Aware; None when nobody is.
        label: The label that holds; None when there is none.
    """

    turn: ReviewTurn
    kinds: tuple[Kind, ...]
    doubt: float
    state: str
    leased_by: str | None
    leased_until: datetime | None
    label: Label | None

    def holder(self, now: datetime) -> str | None:
        """Who has it at the moment."""
        if self.leased_by is None or self.leased_until is None or self.leased_until <= now:
            return None
        return self.leased_by
