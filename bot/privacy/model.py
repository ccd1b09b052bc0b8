"""What the privacy desk gives back, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.errors import BotError

Action = Literal["export", "erase", "purge"]


class UnknownPatient(BotError):
    """Nothing is kept under this ID."""

    code = "unknown_patient"
    status = 404


class VisitAhead(BotError):
    """A confirmed visit is still to come; it is not erased without being asked for twice."""

    code = "visit_ahead"
    status = 409


@dataclass(frozen=True)
class Visit:
    """A confirmed visit that is still to come.

    Attributes:
        reference: The request's.
        starts_at: Aware.
    """

    reference: str
    starts_at: datetime


@dataclass(frozen=True)
class Kept:
    """Rows that stay though everything else of the patient goes.

    Attributes:
        section: Which.
        count: How many.
        reason: Why; a sentence.
    """

    section: str
    count: int
    reason: str


@dataclass(frozen=True)
class Export:
    """All that is kept on one patient.

    Attributes:
        sections: The rows of each table that has some, as JSON values; times are ISO text.
        notes: What an operator must know of them: sentences without personal data.
    """

    sections: Mapping[str, Sequence[Mapping[str, Any]]]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each section has."""
        return {name: len(rows) for name, rows in self.sections.items()}


@dataclass(frozen=True)
class Erasure:
    """What an erasure did.

    Attributes:
        counts: How many rows went, by table; only tables that had some.
        kept: What stays, and why.
        notes: What an operator must know: sentences without personal data.
        is_settled: Whether the words are out of the database's files as far as it can see to it.
    """

    counts: Mapping[str, int]
    kept: tuple[Kept, ...] = ()
    notes: tuple[str, ...] = ()
    is_settled: bool = True


@dataclass(frozen=True)
class Purge:
    """What a purge did.

    Attributes:
        counts: As for an erasure.
        is_settled: As for an erasure.
    """

    counts: Mapping[str, int]
    is_settled: bool = True


@dataclass(frozen=True)
class LogEntry:
    """That something was exported, erased or purged: a count, and nothing about whom.

    Attributes:
        at: Aware.
        actor: Who did it: a member of staff, or "system".
        action: What.
        counts: Rows by table.
    """

    at: datetime
    actor: str
    action: Action
    counts: Mapping[str, int]
