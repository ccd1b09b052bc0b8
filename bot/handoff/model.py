"""Where a conversation stands between the assistant and the people of the clinic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from bot.errors import BotError

# Characters of one message that staff write; the longest that a few texts carry.
MAX_WORDS = 1_000


class State(str, Enum):
    """Where it stands; the assistant is silent in ``taken`` alone."""

    WAITING = "waiting"
    TAKEN = "taken"
    # Nobody took it, or answered in it, in time; somebody still may.
    MISSED = "missed"
    GIVEN_BACK = "given_back"
    CLOSED = "closed"


OPEN = frozenset({State.WAITING, State.TAKEN, State.MISSED})
# From each state, where it may go.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.TAKEN, State.MISSED, State.CLOSED}),
    State.TAKEN: frozenset({State.TAKEN, State.MISSED, State.GIVEN_BACK}),
    State.MISSED: frozenset({State.WAITING, State.TAKEN, State.CLOSED}),
    State.GIVEN_BACK: frozenset(),
    State.CLOSED: frozenset(),
}


@dataclass(frozen=True)
class Handoff:
    """One wish for a person, or one talk with a person, from its beginning to its end.

    Attributes:
        id: Grows in the order of beginning; 0 before it is kept.
        conversation_id: Whose conversation; it has one that is open at most.
        channel: web, sms or messenger.
        state: Where it stands.
        version: Grows by one with each change of the state.
        opened_at: Aware.
        asked_at: Aware; when the patient last asked. None when staff stepped in.
        due_at: Aware; not taken by then, the patient is told so. None when staff stepped in.
        taken_by: The name of who has it, or had it last; empty before.
        taken_at: Aware; since when.
        wrote_at: Aware; when staff last wrote in it.
        ended_at: Aware; None while it is open.
    """

    id: int
    conversation_id: str
    channel: str
    state: State
    version: int
    opened_at: datetime
    asked_at: datetime | None = None
    due_at: datetime | None = None
    taken_by: str = ""
    taken_at: datetime | None = None
    wrote_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody at the clinic may still have something to do with it."""
        return self.state in OPEN

    @property
    def staff_at(self) -> datetime | None:
        """When somebody at the clinic last did something in it."""
        moments = [at for at in (self.taken_at, self.wrote_at) if at is not None]
        return max(moments, default=None)

    def is_held_by(self, name: str) -> bool:
        """Whether this member of staff has it now."""
        return self.state is State.TAKEN and self.taken_by == name


@dataclass(frozen=True)
class Asked:
    """What a patient who asked for a person is to be told.

    Attributes:
        topic: The card.
        given: What fills it.
    """

    topic: str
    given: Mapping[str, str] = field(default_factory=dict)


class HandoffNotFound(BotError):
    """There is no such handoff."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("There is nothing here.")


class HeldByOther(BotError):
    """Somebody else was quicker, or has it now.

    Attributes:
        holder: Who.
    """

    code = "handoff_held"
    status = 409

    def __init__(self, holder: str) -> None:
        super().__init__(f"{holder} has this conversation now.")
        self.holder = holder


class HandoffOver(BotError):
    """It is not what it was when somebody decided on it; nobody has it now."""

    code = "handoff_over"
    status = 409

    def __init__(self) -> None:
        super().__init__("Nobody has this conversation any more. Look at it and decide again.")


def is_readable(words: str) -> bool:
    """Whether there is anything in it that a reader sees."""
    return any(char.isprintable() and not char.isspace() for char in words)


class BadWords(BotError):
    """Words that cannot be sent."""

    code = "bad_words"
    status = 422
