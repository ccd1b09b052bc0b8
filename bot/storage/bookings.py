"""Bookings in the database: the booking room's port over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, true, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.booking.changes import WISH
from bot.booking.model import Booking, BookingChanged, BookingEvent, ReferenceTaken, Status
from bot.booking.ports import Page, Search
from bot.booking.told import reminder_key
from bot.outbox.model import Outgoing
from bot.storage.database import Database
from bot.storage.outbox import keep_letter, withdraw_letters
from bot.storage.tables import booking_events, bookings
from bot.storage.upsert import insert_if_new

COLUMNS = tuple(bookings.c[field.name] for field in fields(Booking))
# What a change may touch; what the patient asked for stays as it was asked.
CHANGING = ("status", "updated_at", "version", "starts_at", "minutes")
UNANSWERED = (Status.RECEIVED.value, Status.SEEN.value)


class BookingRepository:
    """Keeps bookings; see ``bot.booking.ports.BookingRepository`` for what each method gives."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        booking: Booking,
        idempotency_key: str,
        first: BookingEvent,
        letters: Sequence[Outgoing] = (),
    ) -> Booking:
        marks = {"phone_mark": booking.phone, "email_mark": booking.email}
        values = {**_row(booking), **marks, "idempotency_key": idempotency_key}
        same_key = bookings.c.idempotency_key == idempotency_key
        async with self._database.begin() as connection:
            new_id = await insert_if_new(connection, bookings, values)
            kept = await _one(connection, same_key)
            if kept is None:
                raise ReferenceTaken("The reference is taken.", remedy="Draw another.")
            if new_id is not None:
                await _add_event(connection, booking.reference, first)
                for letter in letters:
                    await keep_letter(connection, letter, first.at)
            return kept

    async def get(self, reference: str) -> Booking | None:
        async with self._database.read() as connection:
            return await _one(connection, bookings.c.reference == reference)

    async def list(self, status: Status | None = None) -> tuple[Booking, ...]:
        return await self._many(bookings.c.status == status.value if status else None)

    async def search(self, wanted: Search) -> Page:
        fits = _fitting(wanted)
        last = select(bookings.c.id).where(bookings.c.reference == wanted.after).scalar_subquery()
        page = fits if wanted.after is None else fits & (bookings.c.id < last)
        rows = select(*COLUMNS).where(page).order_by(bookings.c.id.desc()).limit(wanted.limit + 1)
        count = select(func.count()).select_from(bookings).where(fits)
        async with self._database.read() as connection:
            found = [to_booking(row) for row in await connection.execute(rows)]
            total = int((await connection.execute(count)).scalar() or 0)
        return Page(tuple(found[: wanted.limit]), total, len(found) > wanted.limit)

    async def of_conversation(self, conversation_id: str) -> tuple[Booking, ...]:
        return await self._many(bookings.c.conversation_id == conversation_id)

    async def overdue(self, now: datetime, zone: ZoneInfo) -> tuple[Booking, ...]:
        today = now.astimezone(zone).date()
        unanswered = bookings.c.status.in_(UNANSWERED) & (bookings.c.last_day < today)
        is_proposed = bookings.c.status == Status.PROPOSED.value
        found = await self._many(unanswered | (is_proposed & (bookings.c.starts_at <= now)))
        return found[::-1]

    async def visits(self, after: datetime, until: datetime) -> tuple[Booking, ...]:
        starts = bookings.c.starts_at
        confirmed = bookings.c.status == Status.CONFIRMED.value
        return await self._many(confirmed & (starts > after) & (starts <= until))

    async def attach(self, booking: Booking, letter: Outgoing, at: datetime) -> bool:
        unchanged = (bookings.c.reference == booking.reference) & (
            bookings.c.version == booking.version
        )
        # Locked, so that a change at this moment finds the letter and can withdraw it.
        wanted = select(bookings.c.id).where(unchanged).with_for_update()
        async with self._database.begin() as connection:
            if (await connection.execute(wanted)).first() is None:
                return False
            return await keep_letter(connection, letter, at)

    async def record(
        self, booking: Booking, event: BookingEvent, letters: Sequence[Outgoing] = ()
    ) -> Booking | None:
        row = _row(booking)
        same = bookings.c.reference == booking.reference
        before = same & (bookings.c.version == booking.version - 1)
        values = {name: row[name] for name in CHANGING}
        async with self._database.begin() as connection:
            result = await connection.execute(update(bookings).where(before).values(**values))
            kept = await _one(connection, same)
            if kept is None:
                return None
            if not result.rowcount:
                raise BookingChanged(
                    "Somebody else changed this request.", remedy="Look at it and decide again."
                )
            await _add_event(connection, booking.reference, event)
            if event.change != WISH:
                await withdraw_letters(connection, reminder_key(booking.reference))
            for letter in letters:
                await keep_letter(connection, letter, event.at)
            return kept

    async def events(self, reference: str) -> tuple[BookingEvent, ...]:
        joined = booking_events.join(bookings)
        wanted = (
            select(booking_events)
            .select_from(joined)
            .where(bookings.c.reference == reference)
            .order_by(booking_events.c.id)
        )
        async with self._database.read() as connection:
            return tuple(_to_event(row) for row in await connection.execute(wanted))

    async def _many(self, condition: Any) -> tuple[Booking, ...]:
        wanted = select(*COLUMNS).order_by(bookings.c.id.desc())
        if condition is not None:
            wanted = wanted.where(condition)
        async with self._database.read() as connection:
            return tuple(to_booking(row) for row in await connection.execute(wanted))


def _fitting(wanted: Search) -> Any:
    starts = bookings.c.starts_at
    fits = true()
    if wanted.statuses is not None:
        fits &= bookings.c.status.in_([status.value for status in wanted.statuses])
    if wanted.start_from is not None:
        fits &= starts >= wanted.start_from
    if wanted.start_before is not None:
        fits &= starts < wanted.start_before
    return fits


async def _one(connection: AsyncConnection, condition: Any) -> Booking | None:
    row = (await connection.execute(select(*COLUMNS).where(condition))).one_or_none()
    return None if row is None else to_booking(row)


async def _add_event(connection: AsyncConnection, reference: str, event: BookingEvent) -> None:
    booking_id = select(bookings.c.id).where(bookings.c.reference == reference).scalar_subquery()
    values = {
        "booking_id": booking_id,
        "at": event.at,
        "actor": event.actor,
        "change": event.change,
        "detail": dict(event.detail),
        "old": event.old.value if event.old else None,
        "new": event.new.value,
    }
    await connection.execute(insert(booking_events).values(**values))


def _row(booking: Booking) -> dict[str, Any]:
    return {**asdict(booking), "status": booking.status.value}


def to_booking(row: Row) -> Booking:
    """A row with ``COLUMNS`` as a booking; what else it holds is left out."""
    values = {column.name: row[column.name] for column in COLUMNS}
    return Booking(**{**values, "status": Status(values["status"])})


def _to_event(row: Row) -> BookingEvent:
    old = Status(row.old) if row.old else None
    return BookingEvent(row.at, row.actor, row.change, row.detail, old, Status(row.new))
