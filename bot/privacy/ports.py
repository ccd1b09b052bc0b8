"""What the privacy room needs from whatever keeps the rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.privacy.identity import PatientId
from bot.privacy.model import Erasure, Export, LogEntry
from bot.privacy.retention import Retention


class PatientStore(Protocol):
    """Knows every table, whose its rows are, and how old."""

    async def export(self, who: PatientId, by: str, at: datetime) -> Export:
        """Everything that is kept on a patient, and nothing of another one; logged as a count.

        A request belongs to the phone or email it was made with, wherever that was. Messages of a
        conversation in which somebody else's request was made too are left out, and a note says so.

        Raises:
            UnknownPatient: when nothing is kept.
        """

    async def erase(self, who: PatientId, by: str, at: datetime, *, force: bool) -> Erasure:
        """Erases everything of a patient, all or nothing, with a log entry that counts.

        A turn that is running meanwhile brings nothing back. Rows that must stay are told.

        Args:
            who: Whose.
            by: Who erases.
            at: The present moment; aware.
            force: Also when a confirmed visit is still to come.

        Raises:
            UnknownPatient: when nothing is kept.
            VisitAhead: when a visit is to come and ``force`` is False; nothing is erased then.
        """

    async def purge(self, retention: Retention, now: datetime) -> Mapping[str, int]:
        """Deletes what is past its window, in small pieces, so that nobody waits for it.

        Returns:
            How many rows went, by table; only tables that had some.
        """

    async def overdue(self, retention: Retention, now: datetime) -> Mapping[str, int]:
        """How many rows are past their window, by table; only tables that have some."""

    async def settle(self) -> bool:
        """Sees to it that deleted words leave the database's files, as far as it can.

        Returns:
            Whether that was done; False when others kept the database busy.
        """

    async def log(self, entry: LogEntry) -> None:
        """Keeps an entry."""

    async def latest(self, action: str) -> LogEntry | None:
        """The newest entry of an action, or None."""
