"""Seals what is in the clear or under an older key, a few rows at a time, beside a running server.

It can be stopped and begun again at any moment: what it looks for is what is not sealed yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Table,
    Text,
    and_,
    bindparam,
    column,
    func,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement, TableClause

from bot.storage.data_keys import forget_unused, sealed_columns
from bot.storage.database import Database
from bot.storage.metadata import metadata
from bot.storage.sealed_types import HOLLOW, Mark, is_sealed
from bot.storage.settled import settle

# One transaction's rows: in SQLite it keeps every other writer waiting.
BATCH = 100
PAUSE_SECONDS = 0.02
# Rows to change, by the columns that change in them.
Changes = dict[tuple[str, ...], list[dict[str, Any]]]


class Sealer:
    """All sealed columns of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tables = [held for held in metadata.sorted_tables if sealed_columns(held)]

    async def waiting(self) -> dict[str, int]:
        """How many rows have a value that the newest key did not seal, by table."""
        found: dict[str, int] = {}
        async with self._database.read() as connection:
            for held in self._tables:
                raw = _raw(held)
                wanted = select(func.count()).select_from(raw).where(self._is_open(held, raw))
                if number := (await connection.execute(wanted)).scalar_one():
                    found[held.name] = number
        return found

    async def run(self) -> dict[str, int]:
        """Seals everything with the newest key.

        Returns:
            How many rows were sealed, by table; only tables that had some.

        Raises:
            DataKeyMissing: when a value is under a key that is not set.
        """
        done: dict[str, int] = {}
        for held in self._tables:
            if number := await self._seal_table(held):
                done[held.name] = number
        if done:
            # The values in the clear leave the files as well.
            await settle(self._database, self._tables)
        if not await self.waiting():
            async with self._database.begin() as connection:
                await forget_unused(connection, self._database.keys)
        return done

    async def _seal_table(self, held: Table) -> int:
        raw = _raw(held)
        (key,) = (raw.c[one.name] for one in held.primary_key)
        wanted = select(raw).where(self._is_open(held, raw)).order_by(key).limit(BATCH)
        number, last = 0, None
        while True:
            async with self._database.read() as connection:
                after = wanted if last is None else wanted.where(key > last)
                rows = (await connection.execute(after)).all()
            if not rows:
                return number
            last = rows[-1]._mapping[key.name]
            changes = self._changes(held, rows)
            async with self._database.begin() as connection:
                await self._keep(connection, raw, key, changes)
            number += len(rows)
            await asyncio.sleep(PAUSE_SECONDS)

    def _changes(self, held: Table, rows: Sequence[Row]) -> Changes:
        """What is to be written, made before the lock is taken; by the columns that change."""
        (key,) = held.primary_key
        changes: Changes = {}
        for row in rows:
            kept = row._mapping
            new: dict[str, str] = {}
            for name in sealed_columns(held):
                if self._is_stale(kept[name]):
                    new |= self._resealed(held, name, kept)
            values = {f"new_{name}": value for name, value in new.items()}
            before = {f"old_{name}": kept[name] for name in new if is_sealed(held.c[name])}
            one = {"row_key": kept[key.name], **before, **values}
            changes.setdefault(tuple(new), []).append(one)
        return changes

    async def _keep(
        self, connection: AsyncConnection, raw: TableClause, key: ColumnElement, changes: Changes
    ) -> None:
        """A row that somebody changed since it was read is left for the next time."""
        for names, values in changes.items():
            same = [
                raw.c[name] == bindparam(f"old_{name}") for name in names if _is_old(name, values)
            ]
            change = update(raw).where(and_(key == bindparam("row_key"), *same))
            new = {name: bindparam(f"new_{name}") for name in names}
            await connection.execute(change.values(new), values)

    def _resealed(self, held: Table, name: str, kept: Mapping[str, Any]) -> dict[str, str]:
        place, keys = held.c[name].type.place, self._database.keys
        text = keys.open(place, kept[name])
        marks = [one for one in held.columns if _marks(one, place)]
        return {name: keys.seal(place, text), **{m.name: keys.mark(place, text) for m in marks}}

    def _is_stale(self, value: str | None) -> bool:
        prefix = self._database.keys.newest.prefix
        return bool(value) and value not in HOLLOW and not str(value).startswith(prefix)

    def _is_open(self, held: Table, raw: TableClause) -> ColumnElement:
        prefix = self._database.keys.newest.prefix
        return or_(
            *(
                and_(raw.c[name].not_in(("", *HOLLOW)), _start(raw.c[name], prefix) != prefix)
                for name in sealed_columns(held)
            )
        )


def _is_old(name: str, values: list[dict[str, Any]]) -> bool:
    """Whether a column is compared with what it was; a mark only follows its value."""
    return f"old_{name}" in values[0]


def _raw(held: Table) -> TableClause:
    """The table as it stands in the database: nothing is opened or sealed on the way."""
    keys = [column(one.name, one.type) for one in held.primary_key]
    marks = [column(one.name, Text()) for one in held.columns if isinstance(one.type, Mark)]
    return table(held.name, *keys, *(column(name, Text()) for name in sealed_columns(held)), *marks)


def _start(value: ColumnElement, prefix: str) -> ColumnElement:
    return func.substr(value, 1, len(prefix))


def _marks(one: Column, place: str) -> bool:
    return isinstance(one.type, Mark) and one.type.place == place
