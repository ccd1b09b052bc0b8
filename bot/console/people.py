"""People who wait for a person of the clinic, and those who talk with one, as Today lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.handoff import Handoff, State


@dataclass(frozen=True)
class Person:
    """A patient who talks, or wants to talk, with somebody.

    Attributes:
        handoff: Where it stands.
        message_id: A message of the conversation, to open it by; None when none is kept.
        unanswered_at: When the patient wrote what nobody has answered; None: nothing is open.
        words: The patient's last ones, redacted; empty while there is no copy of them.
    """

    handoff: Handoff
    message_id: int | None
    unanswered_at: datetime | None
    words: str = ""

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to do something."""
        return self.handoff.state is not State.TAKEN or self.unanswered_at is not None

    @property
    def since(self) -> datetime:
        """Since when it is as it is."""
        handoff = self.handoff
        if handoff.state is State.TAKEN:
            return self.unanswered_at or handoff.taken_at or handoff.opened_at
        return handoff.asked_at or handoff.opened_at


def people_of(
    handoffs: Iterable[Handoff],
    opened: Mapping[str, int],
    heard: Mapping[str, datetime],
    words: Mapping[str, str],
) -> list[Person]:
    """Those who wait first, the longest wait on top.

    Args:
        handoffs: The open ones.
        opened: The last message of each conversation.
        heard: When each patient last wrote.
        words: Each patient's last words, redacted.
    """
    people = [
        Person(
            handoff,
            opened.get(handoff.conversation_id),
            _unanswered(handoff, heard.get(handoff.conversation_id)),
            words.get(handoff.conversation_id, ""),
        )
        for handoff in handoffs
    ]
    return sorted(people, key=lambda person: (not person.is_waiting, person.since))


def _unanswered(handoff: Handoff, heard_at: datetime | None) -> datetime | None:
    staff_at = handoff.staff_at
    if handoff.state is not State.TAKEN or staff_at is None or heard_at is None:
        return None
    return heard_at if heard_at > staff_at else None
