"""The privacy desk: shows a patient's data, erases it, and applies the retention windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.privacy.identity import PatientId
from bot.privacy.model import Erasure, Export, LogEntry, Purge
from bot.privacy.ports import PatientStore
from bot.privacy.retention import Retention

SYSTEM = "system"
# A little less than a day, so that a daily purge is not put off by an hour each day.
BETWEEN_PURGES = timedelta(hours=23)


class PrivacyDesk:
    """See the ports for what each step promises."""

    def __init__(
        self, store: PatientStore, retention: Retention, clock: Callable[[], datetime]
    ) -> None:
        """Makes the desk.

        Args:
            store: Where the rows are.
            retention: How long they stay there.
            clock: The present moment; aware.
        """
        self._store = store
        self._retention = retention
        self._clock = clock

    async def export(self, who: PatientId, by: str) -> Export:
        """All that is kept on a patient.

        Raises:
            UnknownPatient: when there is nothing.
        """
        return await self._store.export(who, by, self._clock())

    async def erase(self, who: PatientId, by: str, *, force: bool = False) -> Erasure:
        """Erases all that is kept on a patient, also from the database's files.

        Raises:
            UnknownPatient: when there is nothing.
            VisitAhead: when a confirmed visit is to come and ``force`` is False.
        """
        erased = await self._store.erase(who, by, self._clock(), force=force)
        return replace(erased, is_settled=await self._store.settle())

    async def purge(self, now: datetime | None = None, by: str = SYSTEM) -> Purge:
        """Applies the retention windows.

        Args:
            now: Aware; as if it were then. None: the present moment.
            by: Who asks for it.
        """
        counts = await self._store.purge(self._retention, now or self._clock())
        await self._store.log(LogEntry(self._clock(), by, "purge", counts))
        # Also when nothing went: what an erasure could not settle is settled here.
        return Purge(counts, await self._store.settle())

    async def purge_daily(self) -> Purge | None:
        """As ``purge``, unless somebody did within the last day; then None."""
        latest = await self.last_purge()
        # One from the future was written with a wrong clock.
        if latest is not None and timedelta(0) <= self._clock() - latest < BETWEEN_PURGES:
            return None
        return await self.purge()

    async def last_purge(self) -> datetime | None:
        """When the windows were last applied; None when they never were."""
        entry = await self._store.latest("purge")
        return None if entry is None else entry.at

    async def overdue(self, grace: timedelta) -> Mapping[str, int]:
        """How many rows have been past their window for longer than ``grace``, by table."""
        return await self._store.overdue(self._retention, self._clock() - grace)
