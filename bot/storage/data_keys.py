"""Which keys the values in the database are sealed with, by name: so that a wrong key is noticed.

A key is noted before it seals anything. A process that lacks one that is in use writes nothing:
half the rows of a conversation under another key would be worse than none.
"""

from __future__ import annotations

from sqlalchemy import Table, column, delete, func, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.metadata import metadata
from bot.storage.sealed_types import is_sealed
from bot.storage.sealing import SEALED, DataKeyMissing, KeyRing
from bot.storage.tables import data_keys
from bot.storage.types import utc_now
from bot.storage.upsert import insert_if_new


async def is_known(connection: AsyncConnection, keys: KeyRing) -> bool:
    """Whether the key that seals is noted; False also before there are tables.

    Raises:
        DataKeyMissing: when values are sealed with a key that is not among these.
    """
    if not await _is_migrated(connection):
        return False
    noted = set((await connection.execute(select(data_keys.c.name))).scalars())
    for name in sorted(noted - keys.names):
        if await is_in_use(connection, name):
            raise DataKeyMissing.named(name)
    return keys.newest.name in noted


async def note(connection: AsyncConnection, keys: KeyRing) -> bool:
    """Notes the key that seals, in a transaction that may write.

    Returns:
        False when there are no tables yet.
    """
    if not await _is_migrated(connection):
        return False
    row = {"name": keys.newest.name, "first_used_at": utc_now()}
    await insert_if_new(connection, data_keys, row)
    return True


async def forget_unused(connection: AsyncConnection, keys: KeyRing) -> None:
    """Forgets the names of keys with which nothing is sealed any more, but for the newest."""
    noted = set((await connection.execute(select(data_keys.c.name))).scalars())
    unused = [
        name for name in sorted(noted - {keys.newest.name}) if not await is_in_use(connection, name)
    ]
    await connection.execute(delete(data_keys).where(data_keys.c.name.in_(unused)))


async def is_in_use(connection: AsyncConnection, name: str) -> bool:
    """Whether any value is sealed with the key of this name."""
    start = f"{SEALED}{name}:"
    for held in metadata.sorted_tables:
        for sealed in sealed_columns(held):
            kept = column(sealed)
            mine = func.substr(kept, 1, len(start)) == start
            found = select(kept).select_from(table(held.name, kept)).where(mine).limit(1)
            if (await connection.execute(found)).first() is not None:
                return True
    return False


async def _is_migrated(connection: AsyncConnection) -> bool:
    return bool(await connection.run_sync(lambda sync: inspect(sync).has_table(data_keys.name)))


def sealed_columns(held: Table) -> list[str]:
    """The names of a table's sealed columns."""
    return [one.name for one in held.columns if is_sealed(one)]
