"""Insert with a rule for a row that is there already; SQLAlchemy spells it once per database.

It also compiles such a statement anew at each use, which costs more than running it, so the
compiled ones are kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import Compiled
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_if_new(
    connection: AsyncConnection, table: Table, values: Mapping[str, Any]
) -> int | None:
    """Inserts a row unless a unique value of it is there already.

    A row that another transaction is inserting at this moment is waited for, not missed.

    Returns:
        The new row's number, or None when it was not inserted.
    """
    statement = _compiled(connection.dialect, table, tuple(values))
    result = await connection.execute(statement, dict(values))
    return result.inserted_primary_key[0] if result.rowcount else None


async def insert_or_update(
    connection: AsyncConnection, table: Table, values: Mapping[str, Any], changing: str
) -> None:
    """Inserts a row, or sets its one changing column when its primary key is there already."""
    statement = _compiled(connection.dialect, table, tuple(values), changing)
    await connection.execute(statement, dict(values))


@lru_cache(maxsize=64)
def _compiled(
    dialect: Dialect, table: Table, columns: tuple[str, ...], changing: str | None = None
) -> Compiled:
    statement = (sqlite if dialect.name == "sqlite" else postgresql).insert(table)
    if changing is None:
        statement = statement.on_conflict_do_nothing()
    else:
        statement = statement.on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_={changing: statement.excluded[changing]},
        )
    return statement.compile(dialect=dialect, column_keys=columns)
