from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sqlalchemy import select

from bot.booking import BookingAccess, NoMatch
from bot.booking.ports import Try
from bot.storage.booking_tries import TryLog
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.tables import booking_tries

NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
MINE = Try("web:a", "ref-1", "client-1")


async def test_tries_are_counted_by_each_of_the_three(database: Database) -> None:
    log = TryLog(database)
    others = (
        MINE,
        Try("web:b", "ref-1", "client-2"),
        Try("web:c", "ref-1", ""),
        Try("web:d", "ref-2", "client-1"),
    )
    assert await log.counts_since(MINE, NOON - HOUR) == (0, 0, 0)
    for tried in others:
        await log.add(tried, NOON, NOON - HOUR)
    assert await log.counts_since(MINE, NOON - HOUR) == (1, 3, 2)
    assert await log.counts_since(MINE, NOON + HOUR) == (0, 0, 0)
    # An address that nobody knows is not everybody's.
    assert await log.counts_since(Try("web:e", "ref-3", ""), NOON - HOUR) == (0, 0, 0)


async def test_what_no_longer_counts_is_forgotten(database: Database) -> None:
    log = TryLog(database)
    await log.add(MINE, NOON, NOON - HOUR)
    await log.add(MINE, NOON + 2 * HOUR, NOON + HOUR)
    assert await log.counts_since(MINE, NOON - HOUR) == (1, 1, 1)


async def test_neither_what_was_typed_nor_the_address_is_kept(database: Database) -> None:
    access = BookingAccess(BookingRepository(database), TryLog(database), lambda: NOON, "s" * 32)
    try:
        await access.find("B7K-3QD", "+17805550199", "web:a", client="198.51.100.7")
    except NoMatch:
        async with database.read() as connection:
            (row,) = list(await connection.execute(select(booking_tries)))
    kept = str(dict(row._mapping))
    assert not any(said in kept for said in ("B7K", "3QD", "0199", "198.51"))
    assert row.reference_hash and row.client_hash
