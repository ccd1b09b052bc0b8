"""Deletes what is past its window, a few rows at a time, so that no patient waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.sql import ColumnElement

from bot.privacy.retention import Retention
from bot.storage.database import Database
from bot.storage.holdings import Holding

# One transaction's rows: in SQLite it keeps every other writer waiting.
BATCH = 250
# Those who wait try again every few milliseconds: the pause lets them in.
PAUSE_SECONDS = 0.02


async def delete_expired(
    database: Database, holdings: Iterable[Holding], retention: Retention, now: datetime
) -> dict[str, int]:
    """Deletes rows that are past their window.

    Returns:
        How many went, by table; only tables that had some. Rows that go with a parent are not
        counted.
    """
    counts: dict[str, int] = {}
    for holding, is_expired in _expiring(holdings, retention, now):
        if deleted := await _delete_all(database, holding, is_expired):
            counts[holding.table.name] = deleted
    return counts


async def count_expired(
    database: Database, holdings: Iterable[Holding], retention: Retention, now: datetime
) -> dict[str, int]:
    """Counts rows that are past their window, by table; only tables that have some."""
    counts: dict[str, int] = {}
    for holding, is_expired in _expiring(holdings, retention, now):
        wanted = select(func.count()).select_from(holding.table).where(is_expired)
        async with database.read() as connection:
            if found := (await connection.execute(wanted)).scalar():
                counts[holding.table.name] = int(found)
    return counts


def _expiring(
    holdings: Iterable[Holding], retention: Retention, now: datetime
) -> Iterator[tuple[Holding, ColumnElement]]:
    for holding in holdings:
        if holding.window is not None and holding.is_old is not None:
            cutoff = retention.cutoff(holding.window, now)
            yield holding, holding.is_old(holding.table, cutoff)


async def _delete_all(database: Database, holding: Holding, is_expired: ColumnElement) -> int:
    (key,) = holding.table.primary_key
    deleted, last = 0, None
    while True:
        # Found without the write lock; looked at again with it, for a row may have changed.
        found = await _next_keys(database, key, is_expired, last)
        if not found:
            return deleted
        last = found[-1]
        batch = delete(holding.table).where(key.in_(found), is_expired)
        async with database.begin() as connection:
            deleted += (await connection.execute(batch)).rowcount
        await asyncio.sleep(PAUSE_SECONDS)


async def _next_keys(
    database: Database, key: ColumnElement, is_expired: ColumnElement, last: Any
) -> list[Any]:
    wanted = select(key).where(is_expired).order_by(key).limit(BATCH)
    if last is not None:
        wanted = wanted.where(key > last)
    async with database.read() as connection:
        return list((await connection.execute(wanted)).scalars())
