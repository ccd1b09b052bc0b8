"""Which messages a reviewer should see, why, and which first. Pure functions.

A label is worth what it may correct. So what counts is how grave a mistake would be, how often
reviewers found one among messages of this kind, how unsure the assistant was, and how many
patients wrote the same.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from bot.review.model import HIGH, ReviewTurn
from bot.review.sameness import sameness


class Kind(str, Enum):
    """Why a message is asked about; the first that fits stands for it."""

    THUMBS_DOWN = "thumbs_down"
    RED_FLAG = "red_flag"
    DECLINED = "declined"
    CLARIFIED = "clarified"
    UNSURE = "unsure"
    SAMPLE = "sample"


# How grave a mistake is; a wrong answer costs 1.
GRAVITY = {
    Kind.THUMBS_DOWN: 1.5,
    Kind.RED_FLAG: 3.0,
    Kind.DECLINED: 0.8,
    Kind.CLARIFIED: 0.6,
    Kind.UNSURE: 1.0,
    Kind.SAMPLE: 1.0,
}
# How often a mistake is expected before anybody has looked, and how many labels that is worth.
EXPECTED = {
    Kind.THUMBS_DOWN: 0.7,
    Kind.RED_FLAG: 0.3,
    Kind.DECLINED: 0.5,
    Kind.CLARIFIED: 0.5,
    Kind.UNSURE: 0.4,
    Kind.SAMPLE: 0.05,
}
WORTH = 5.0
# Whoever is quite sure may still be wrong.
LEAST_DOUBT = 0.05
# Beside these the assistant's own doubt says nothing.
WHATEVER_THE_DOUBT = frozenset({Kind.THUMBS_DOWN, Kind.RED_FLAG, Kind.SAMPLE})
RED_FLAGS = frozenset({"emergency", "urgent", "crisis"})
BY_OUTCOME = {"decline": Kind.DECLINED, "clarify": Kind.CLARIFIED}
# Answers to a booking form's questions are no questions; a doubt about their topic says nothing.
MAY_BE_UNSURE = frozenset({"answer", "smalltalk", "handoff"})
# A person had the conversation: the assistant said nothing that could be right or wrong.
SILENT = frozenset({"with_staff"})
# Nobody here can label another language, and a card's title is beyond doubt.
NEVER = frozenset({"other/english_only"})
SHARES = 2**32


@dataclass(frozen=True)
class Pick:
    """A message that is worth a look.

    Attributes:
        kinds: Why, the strongest reason first.
        doubt: How unsure the assistant was, 0 to 1.
        sameness: See ``bot.review.sameness``.
    """

    kinds: tuple[Kind, ...]
    doubt: float
    sameness: str

    @property
    def kind(self) -> Kind:
        """The strongest reason."""
        return self.kinds[0]


@dataclass(frozen=True)
class Tally:
    """What reviewers made of messages of one kind.

    Attributes:
        labelled: How many they labelled, not counting those they ignored.
        corrected: How many of them needed another answer.
    """

    labelled: int = 0
    corrected: int = 0


def pick(turn: ReviewTurn, sample: float) -> Pick | None:
    """Whether a message is worth a look; a thumb is not known yet.

    Args:
        turn: A redacted copy.
        sample: The share of all other messages that are looked at, 0 to 1.
    """
    if turn.outcome in SILENT or turn.answer in NEVER:
        return None
    if not any(character.isalpha() for character in turn.text):
        return None
    kind = _kind(turn) or (Kind.SAMPLE if _is_drawn(turn.inbox_id, sample) else None)
    if kind is None:
        return None
    return picked_for(turn, (kind,))


def picked_for(turn: ReviewTurn, kinds: Collection[Kind]) -> Pick:
    """A message picked for known reasons."""
    order = list(Kind)
    ordered = tuple(sorted(set(kinds), key=order.index))
    doubt = 1.0 if turn.confidence is None else min(1.0, max(0.0, 1.0 - turn.confidence))
    return Pick(ordered, doubt, sameness(turn.text, turn.outcome, turn.answer))


def _kind(turn: ReviewTurn) -> Kind | None:
    if turn.outcome in RED_FLAGS:
        return Kind.RED_FLAG
    if kind := BY_OUTCOME.get(turn.outcome):
        return kind
    is_low = turn.confidence is not None and turn.confidence < HIGH
    return Kind.UNSURE if is_low and turn.outcome in MAY_BE_UNSURE else None


def _is_drawn(inbox_id: int, share: float) -> bool:
    """By the message's number, so that whoever asks again draws the same."""
    return zlib.crc32(str(inbox_id).encode()) < share * SHARES


def expected_mistakes(kind: Kind, tally: Tally) -> float:
    """The share of messages of a kind that are likely to need another answer."""
    return (tally.corrected + EXPECTED[kind] * WORTH) / (tally.labelled + WORTH)


def value(kind: Kind, doubt: float, times: int, tallies: Mapping[Kind, Tally]) -> float:
    """What a label is worth; the queue is in this order.

    Args:
        kind: The strongest reason.
        doubt: How unsure the assistant was.
        times: How many open messages say the same, this one among them.
        tallies: What reviewers made of each kind so far.
    """
    unsure = 1.0 if kind in WHATEVER_THE_DOUBT else max(doubt, LEAST_DOUBT)
    often = 1.0 + math.log2(max(1, times))
    return GRAVITY[kind] * expected_mistakes(kind, tallies.get(kind, Tally())) * unsure * often
