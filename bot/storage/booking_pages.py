"""Bookings a page at a time, as the console lists them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.booking.model import Booking, Status
from bot.storage.bookings import COLUMNS, to_booking
from bot.storage.database import Database
from bot.storage.tables import bookings


@dataclass(frozen=True)
class BookingPage:
    """Some bookings, newest first.

    Attributes:
        bookings: Those on this page.
        older: What ``before`` is on the next page; None on the last one.
    """

    bookings: tuple[Booking, ...]
    older: int | None


class BookingPages:
    """Reads the bookings table; changes go through ``BookingService``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, statuses: Collection[Status], limit: int, before: int | None = None
    ) -> BookingPage:
        """Bookings with one of these statuses, newest first.

        Args:
            statuses: Which; empty: all.
            limit: How many at most.
            before: Only those older than this one.
        """
        wanted = select(bookings.c.id, *COLUMNS).order_by(bookings.c.id.desc()).limit(limit + 1)
        if statuses:
            wanted = wanted.where(bookings.c.status.in_([status.value for status in statuses]))
        if before is not None:
            wanted = wanted.where(bookings.c.id < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        shown = rows[:limit]
        older = shown[-1].id if len(rows) > limit else None
        return BookingPage(tuple(to_booking(row) for row in shown), older)

    async def between(self, start: datetime, end: datetime) -> tuple[Booking, ...]:
        """Proposed and confirmed visits that begin in this time, earliest first."""
        timed = [Status.PROPOSED.value, Status.CONFIRMED.value]
        is_then = (bookings.c.starts_at >= start) & (bookings.c.starts_at < end)
        wanted = select(*COLUMNS).where(is_then & bookings.c.status.in_(timed))
        async with self._database.read() as connection:
            rows = await connection.execute(wanted.order_by(bookings.c.starts_at, bookings.c.id))
            return tuple(to_booking(row) for row in rows)

    async def counts(self) -> dict[Status, int]:
        """How many there are of each status."""
        counted = select(bookings.c.status, func.count()).group_by(bookings.c.status)
        async with self._database.read() as connection:
            return {Status(row[0]): row[1] for row in await connection.execute(counted)}
