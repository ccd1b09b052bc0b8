"""The kept sums by day."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Text, delete, select, type_coerce

from bot.figures.model import Day, Tally
from bot.storage.database import Database
from bot.storage.figure_tables import daily_figures
from bot.storage.upsert import insert_or_update

# Grows with what is counted: rows of another form are counted again.
FORM = 1


class DayRepository:
    """The table of days, in one time zone: what was counted in another is not there."""

    def __init__(self, database: Database, zone: str) -> None:
        self._database = database
        self._zone = zone

    async def since(self, first: date) -> dict[date, Day]:
        """The days that are counted, from one on."""
        # As text: what is read of many days is read in a thread, so that patients do not wait.
        data = type_coerce(daily_figures.c.data, Text)
        wanted = select(daily_figures.c.day, data).where(daily_figures.c.day >= first)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return await asyncio.to_thread(self._read, rows)

    def _read(self, rows: Sequence[tuple[date, str]]) -> dict[date, Day]:
        kept = [(day, json.loads(text)) for day, text in rows]
        return {day: _day(data) for day, data in kept if self._is_ours(data)}

    async def keep(self, day: date, counted: Day) -> None:
        """Keeps a day in place of what was counted of it before; the same again writes nothing."""
        channels = {name: tally.as_json() for name, tally in sorted(counted.items())}
        data = {"zone": self._zone, "form": FORM, "channels": channels}
        mine = select(daily_figures.c.data).where(daily_figures.c.day == day)
        async with self._database.read() as connection:
            before = (await connection.execute(mine)).scalar()
        if before == data:
            return
        async with self._database.begin() as connection:
            row = {"day": day, "data": data}
            await insert_or_update(connection, daily_figures, row, "data")

    async def forget(self, days: Collection[date]) -> None:
        """Lets go of all but these days."""
        first, last = min(days), max(days)
        others = (daily_figures.c.day < first) | (daily_figures.c.day > last)
        async with self._database.read() as connection:
            found = (await connection.execute(select(daily_figures.c.day).where(others))).first()
        if found is not None:
            async with self._database.begin() as connection:
                await connection.execute(delete(daily_figures).where(others))

    def _is_ours(self, data: dict[str, Any]) -> bool:
        return bool(data["zone"] == self._zone and data["form"] == FORM)


def _day(data: dict[str, Any]) -> Day:
    return {name: Tally.from_json(kept) for name, kept in data["channels"].items()}
