"""Keeps the sums by day in step with the messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.figures.model import bounds, last_days
from bot.storage.database import Database
from bot.storage.day_counts import count_day
from bot.storage.day_figures import DayRepository

# A new server has ninety days to count: so many at a look, the newest first, that a stop waits for
# none of them for long.
AT_ONCE = 15


class DayKeeper:
    """Counts today again and again, and the days before it in turn.

    A past day changes too: somebody presses a thumb, a request is confirmed, a patient is erased,
    the windows of retention pass. So each is counted anew within ``DAYS`` looks.
    """

    def __init__(self, database: Database, zone: str, clock: Callable[[], datetime]) -> None:
        """Makes the keeper of one process.

        Args:
            database: Where the messages are and the sums go.
            zone: The clinic's time zone.
            clock: The present moment; aware.
        """
        self._database = database
        self._days = DayRepository(database, zone)
        self._zone = ZoneInfo(zone)
        self._clock = clock
        self._turn = 0

    async def run_once(self) -> list[date]:
        """Counts what is due.

        Returns:
            The days that were counted.
        """
        days = last_days(self._clock().astimezone(self._zone).date())
        await self._days.forget(days)
        known = await self._days.since(days[0])
        self._turn = (self._turn + 1) % len(days)
        # At midnight yesterday's last minutes are still to come in.
        missing = [day for day in reversed(days) if day not in known][:AT_ONCE]
        due = {*days[-2:], days[self._turn], *missing}
        counted = sorted(due, reverse=True)
        for day in counted:
            await self._days.keep(day, await count_day(self._database, *bounds(day, self._zone)))
        return counted
