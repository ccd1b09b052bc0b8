"""Wrong tries to reach a booking, counted by who asked and what for; over SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, delete, func, insert, or_, select
from sqlalchemy.sql import ColumnElement

from bot.booking.ports import Try
from bot.storage.database import Database
from bot.storage.tables import booking_tries

COUNTED = (
    booking_tries.c.conversation_id,
    booking_tries.c.reference_hash,
    booking_tries.c.client_hash,
)


class TryLog:
    """See ``bot.booking.ports.TryLog``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tried: Try, at: datetime, forget: datetime) -> None:
        values = {column.name: value or None for column, value in _pairs(tried)}
        async with self._database.begin() as connection:
            await connection.execute(delete(booking_tries).where(booking_tries.c.at < forget))
            await connection.execute(insert(booking_tries).values(**values, at=at))

    async def counts_since(self, tried: Try, since: datetime) -> tuple[int, int, int]:
        alike = [column == value for column, value in _pairs(tried) if value]
        counts = [_count(column, value) for column, value in _pairs(tried)]
        wanted = select(*counts).where(or_(*alike) & (booking_tries.c.at >= since))
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).one()
        conversation, reference, client = (int(count or 0) for count in row)
        return conversation, reference, client


def _pairs(tried: Try) -> list[tuple[ColumnElement[str], str]]:
    values = (tried.conversation_id, tried.reference_hash, tried.client_hash)
    return list(zip(COUNTED, values, strict=True))


def _count(column: ColumnElement[str], value: str) -> ColumnElement[int]:
    return func.sum(case((column == value, 1), else_=0)) if value else func.sum(0)
