"""Wrong tries to reach a booking, counted for each conversation; over SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select

from bot.storage.database import Database
from bot.storage.tables import booking_tries


class TryLog:
    """See ``bot.booking.ports.TryLog``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, conversation_id: str, at: datetime) -> None:
        values = {"conversation_id": conversation_id, "at": at}
        async with self._database.begin() as connection:
            await connection.execute(insert(booking_tries).values(**values))

    async def count_since(self, conversation_id: str, since: datetime) -> int:
        mine = booking_tries.c.conversation_id == conversation_id
        wanted = select(func.count()).where(mine & (booking_tries.c.at >= since))
        async with self._database.read() as connection:
            return int((await connection.execute(wanted)).scalar() or 0)
