"""After a deletion: sees to it that the words leave the database's files, as far as SQL can."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from sqlalchemy import Table, text

from bot.storage.database import Database
from bot.storage.review import forget_words

# SQLite itself waits for readers in each attempt.
ATTEMPTS = 5
PAUSE_SECONDS = 0.5


async def settle(database: Database, tables: Iterable[Table]) -> bool:
    """Clears what a deletion leaves behind.

    In SQLite deleted rows are overwritten (``PRAGMA secure_delete``); here the index of words lets
    go of theirs, and the write-ahead log, which still has the old pages, is written back and
    emptied. In PostgreSQL dead rows are given
    free with VACUUM: no query can reach them, and their space is used again, but not overwritten.

    Args:
        database: Outside any transaction.
        tables: From which rows were deleted.

    Returns:
        Whether it was done; False when readers kept the log in use.
    """
    if database.is_sqlite:
        await forget_words(database)
        return await _empty_log(database)
    await _vacuum(database, tables)
    return True


async def _empty_log(database: Database) -> bool:
    for _ in range(ATTEMPTS):
        async with database.read() as connection:
            result = await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            is_busy, *_ = result.one()
        if not is_busy:
            return True
        await asyncio.sleep(PAUSE_SECONDS)
    return False


async def _vacuum(database: Database, tables: Iterable[Table]) -> None:
    """Of tables this user may not vacuum PostgreSQL only warns."""
    names = ", ".join(f'"{table.name}"' for table in tables)
    # VACUUM runs in no transaction.
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"VACUUM {names}"))
