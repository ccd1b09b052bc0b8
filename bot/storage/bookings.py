"""Bookings in the database: the booking room's port over SQL."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.booking.model import Booking, BookingEvent, ReferenceTaken, Status
from bot.storage.database import Database
from bot.storage.tables import booking_events, bookings
from bot.storage.upsert import insert_if_new

# A field that has no column yet is not kept.
COLUMNS = tuple(bookings.c[field.name] for field in fields(Booking) if field.name in bookings.c)


class BookingRepository:
    """Keeps bookings; see ``bot.booking.ports.BookingRepository`` for what each method gives."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, booking: Booking, idempotency_key: str, first: BookingEvent) -> Booking:
        known = {name: value for name, value in asdict(booking).items() if name in bookings.c}
        values = {**known, "idempotency_key": idempotency_key}
        values["status"] = booking.status.value
        same_key = bookings.c.idempotency_key == idempotency_key
        async with self._database.begin() as connection:
            new_id = await insert_if_new(connection, bookings, values)
            kept = await _one(connection, same_key)
            if kept is None:
                raise ReferenceTaken("The reference is taken.", remedy="Draw another.")
            if new_id is not None:
                await _add_event(connection, booking.reference, first)
            return kept

    async def get(self, reference: str) -> Booking | None:
        async with self._database.read() as connection:
            return await _one(connection, bookings.c.reference == reference)

    async def list(self, status: Status | None = None) -> tuple[Booking, ...]:
        return await self._many(bookings.c.status == status.value if status else None)

    async def of_conversation(self, conversation_id: str) -> tuple[Booking, ...]:
        return await self._many(bookings.c.conversation_id == conversation_id)

    async def record(
        self, reference: str, event: BookingEvent, status: Status | None = None
    ) -> Booking | None:
        same = bookings.c.reference == reference
        values: dict[str, Any] = {"updated_at": event.at}
        if status is not None:
            values["status"] = status.value
        async with self._database.begin() as connection:
            changed = await connection.execute(update(bookings).where(same).values(**values))
            if changed.rowcount:
                await _add_event(connection, reference, event)
            return await _one(connection, same)

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
            return tuple(_to_booking(row) for row in await connection.execute(wanted))


async def _one(connection: AsyncConnection, condition: Any) -> Booking | None:
    row = (await connection.execute(select(*COLUMNS).where(condition))).one_or_none()
    return None if row is None else _to_booking(row)


async def _add_event(connection: AsyncConnection, reference: str, event: BookingEvent) -> None:
    booking_id = select(bookings.c.id).where(bookings.c.reference == reference).scalar_subquery()
    values = {
        "booking_id": booking_id,
        "at": event.at,
        "actor": event.actor,
        "change": event.change,
        "detail": dict(event.detail),
    }
    await connection.execute(insert(booking_events).values(**values))


def _to_booking(row: Row) -> Booking:
    values = dict(row._mapping)
    return Booking(**{**values, "status": Status(values["status"])})


def _to_event(row: Row) -> BookingEvent:
    return BookingEvent(at=row.at, actor=row.actor, change=row.change, detail=row.detail)
