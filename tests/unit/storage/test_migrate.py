from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Float, Integer, MetaData, Table, insert, select
from sqlalchemy.engine import Connection

from bot.booking.model import Status
from bot.errors import BotError
from bot.handoff import State
from bot.storage.alerts import AlertRepository
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.handoffs import HandoffRepository
from bot.storage.migrate import MIGRATIONS, current, is_current, migrate
from bot.storage.tables import metadata

SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = sorted(script.revision for script in SCRIPTS.walk_revisions())
# What SQLite keeps for itself, and the index of words, which is no table of the catalogue.
HIDDEN = ("sqlite_", "review_words", "words", "ix_review_turns_words")
# Of revision 0001.
FIRST_TABLES = 6
LONG_AGO = datetime(2020, 2, 29, 12, 0, tzinfo=timezone.utc).isoformat(timespec="microseconds")


async def test_a_new_database_gets_exactly_the_tables(database: Database) -> None:
    async with database.read() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_database_knows_whether_it_is_current(database_url: str) -> None:
    assert await current(database_url) is None
    assert not await is_current(database_url)
    await migrate(database_url)
    assert await current(database_url) == SCRIPTS.get_current_head()
    assert await is_current(database_url)


async def test_processes_that_start_at_once_take_turns(database_url: str) -> None:
    await asyncio.gather(*(migrate(database_url) for _ in range(4)))
    assert await is_current(database_url)


async def test_an_unreachable_database_is_an_error_with_a_remedy() -> None:
    with pytest.raises(BotError, match="DATABASE_URL"):
        await migrate("postgresql://clinic@127.0.0.1:9/clinic")


@pytest.mark.parametrize("revision", REVISIONS)
async def test_rows_of_an_old_database_survive(database_url: str, revision: str) -> None:
    await migrate(database_url, revision)
    database = Database(database_url)
    async with database.begin() as connection:
        before = await connection.run_sync(_fill)
    await migrate(database)
    async with database.read() as connection:
        after = await connection.run_sync(_rows)
        assert await connection.run_sync(_differences) == []
    await database.close()
    assert len(before) >= FIRST_TABLES
    for name, row in before.items():
        assert after[name].items() >= row.items(), name


def _differences(connection: Connection) -> Any:
    context = MigrationContext.configure(connection, opts={"include_name": _is_ours})
    return compare_metadata(context, metadata)


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return not str(name).startswith(HIDDEN)


def _tables(connection: Connection) -> Iterator[Table]:
    reflected = MetaData()
    reflected.reflect(connection)
    for table in reflected.sorted_tables:
        if table.name != "alembic_version" and not table.name.startswith(HIDDEN):
            yield table


def _fill(connection: Connection) -> dict[str, dict[str, Any]]:
    for table in _tables(connection):
        # A column that the database computes takes no value.
        given = (column for column in table.columns if column.computed is None)
        row = {column.name: _value(column) for column in given}
        connection.execute(insert(table).values(row))
    return _rows(connection)


def _value(column: Any) -> Any:
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Integer):
        return 1
    if isinstance(column.type, Float):
        return 1.5
    if column.name.endswith("_at") or column.name == "at":
        return LONG_AGO
    return '{"text": "old"}' if column.name in {"detail", "reply", "data"} else "old"


def _rows(connection: Connection) -> dict[str, dict[str, Any]]:
    """The one row of each table; a table that a later revision made has none."""
    rows = {table.name: connection.execute(select(table)).first() for table in _tables(connection)}
    return {name: dict(row._mapping) for name, row in rows.items() if row is not None}


async def test_a_request_of_the_first_version_keeps_its_history(database_url: str) -> None:
    await migrate(database_url, "0001")
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.run_sync(_ask_and_cancel_twice)
    await migrate(database)
    repository = BookingRepository(database)
    (booking,) = await repository.list()
    told = [(e.change, e.old, e.new) for e in await repository.events(booking.reference)]
    await database.close()
    assert (booking.status, booking.version, booking.time) == (Status.CANCELLED, 1, None)
    assert told == [
        ("received", None, Status.RECEIVED),
        ("change", Status.RECEIVED, Status.RECEIVED),
        ("cancelled", Status.RECEIVED, Status.CANCELLED),
        ("change", Status.CANCELLED, Status.CANCELLED),
    ]


async def test_a_request_nobody_touched_is_received(database_url: str) -> None:
    await migrate(database_url, "0001")
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.run_sync(_ask, "requested")
    await migrate(database)
    (booking,) = await BookingRepository(database).list()
    await database.close()
    assert (booking.status, booking.contact_consent) == (Status.RECEIVED, None)


async def test_wishes_for_a_person_that_were_alerts_go_on(database_url: str) -> None:
    await migrate(database_url, "0008")
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.run_sync(_wish_twice)
    await migrate(database)
    (waiting,) = await HandoffRepository(database).open_ones()
    alerts = await AlertRepository(database).open_alerts()
    await database.close()
    assert (waiting.state, waiting.channel, waiting.taken_by) == (State.MISSED, "sms", "")
    assert [alert.kind for alert in alerts] == ["red_flag"]


def _wish_twice(connection: Connection) -> None:
    tables = {table.name: table for table in _tables(connection)}
    moments = {"created_at": LONG_AGO, "last_seen_at": LONG_AGO}
    connection.execute(
        insert(tables["conversations"]).values(id="sms:+1", channel="sms", **moments)
    )
    for kind in ("handoff", "handoff", "red_flag"):
        row = {"kind": kind, "level": "x", "sign": "x", "conversation_id": "sms:+1", "at": LONG_AGO}
        connection.execute(insert(tables["alerts"]).values(row))


def _ask(connection: Connection, status: str) -> None:
    table = next(table for table in _tables(connection) if table.name == "bookings")
    row = {column.name: _value(column) for column in table.columns} | {"status": status}
    connection.execute(insert(table).values(row))


def _ask_and_cancel_twice(connection: Connection) -> None:
    _ask(connection, "cancelled")
    table = next(table for table in _tables(connection) if table.name == "booking_events")
    for number, change in enumerate(["requested", "change", "cancel", "cancel"], 1):
        row = {column.name: _value(column) for column in table.columns}
        connection.execute(insert(table).values(row | {"id": number, "change": change}))
