"""What patients asked that was not answered. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.review.sameness import folded

# So many messages make a question that patients ask.
SMALLEST = 3
# Different wordings that are compared at most. Each is compared with each: twice as many take four
# times the memory, 32 MB with these.
MOST = 2_000


@dataclass(frozen=True)
class Asked:
    """One message.

    Attributes:
        inbox_id: Its number; grows in the order of taking.
        conversation_id: Whose conversation.
        text: Redacted.
    """

    inbox_id: int
    conversation_id: str
    text: str


@dataclass(frozen=True)
class Wording:
    """Messages that say the same but for case and punctuation.

    Attributes:
        text: As the newest has it.
        messages: Newest first.
    """

    text: str
    messages: tuple[Asked, ...]


def wordings(messages: Sequence[Asked], most: int = MOST) -> list[Wording]:
    """The different wordings, those that came last first.

    Args:
        messages: In any order.
        most: How many wordings at most; older ones are left out.
    """
    found: dict[str, list[Asked]] = {}
    for message in sorted(messages, key=lambda one: -one.inbox_id):
        found.setdefault(folded(message.text), []).append(message)
    return [Wording(same[0].text, tuple(same)) for same in list(found.values())[:most]]
