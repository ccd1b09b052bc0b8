"""The one way to the database: an async engine over SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

from bot.errors import BotError, SettingError
from bot.storage.group_commit import GroupCommit, T, Work
from bot.storage.in_hand import message_in_hand, refuse_erased

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
FORMS = "sqlite:///path/to/file.db or postgresql://user@host/name"
BUSY_SECONDS = 5.0
POOL_SIZE = 5


class DatabaseUnavailable(BotError):
    """The database cannot be opened or reached."""

    code = "database_unavailable"
    status = 503


class Database:
    """An engine and its transactions.

    In memory (``sqlite://``) there is exactly one connection, and transactions take turns on it.

    Attributes:
        url: The address in SQLAlchemy's form; prints with its password hidden.
        engine: For the rare caller that needs more than ``begin`` and ``read``.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Makes the engine; nothing is opened before the first transaction.

        Args:
            url: ``sqlite:///path``, ``sqlite://`` (in memory) or ``postgresql://user@host/name``.
            busy_seconds: How long a SQLite transaction waits for another writer.

        Raises:
            SettingError: when the address has another form or its folder cannot be made.
        """
        self.url = _parse(url)
        _make_parent(self.url)
        # Otherwise an error of a statement quotes its values: a patient's words, in whoever's log.
        self.engine: AsyncEngine = create_async_engine(
            self.url, hide_parameters=True, **_options(self.url)
        )
        if self.is_sqlite:
            _tune_sqlite(self.engine, busy_seconds)
        # SQLite lets one write at a time, and those who wait for it by turns of luck: under load
        # some would wait too long. Here they queue.
        self._writing = asyncio.Lock() if self.is_sqlite else None
        self._patience = busy_seconds
        self._group = GroupCommit(self.begin)
        self._reader: AsyncEngine = self.engine.execution_options(read_only=True)

    @property
    def is_sqlite(self) -> bool:
        return cast(str, self.url.get_backend_name()) == "sqlite"

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write; committed at the end, rolled back on an error.

        In SQLite it holds the write lock from its first moment, so that two that read and then
        write cannot fail each other half-way.

        Raises:
            DatabaseUnavailable: when the database cannot be reached.
            MessageErased: in a turn whose message was erased.
        """
        async with AsyncExitStack() as stack:
            if self._writing is not None:
                await self._wait_for_turn(self._writing)
                stack.callback(self._writing.release)
            connection = await stack.enter_async_context(_transaction(self, self.engine))
            await refuse_erased(connection, message_in_hand())
            yield connection

    async def _wait_for_turn(self, writing: asyncio.Lock) -> None:
        if not await _acquired(writing, self._patience):
            raise _unavailable(self.url, TimeoutError("database is locked by another write"))

    async def write(self, work: Work[T], *, is_urgent: bool = False) -> T:
        """Does a small write, in one transaction with others that wait; see ``GroupCommit.run``.

        Raises:
            MessageErased: in a turn whose message was erased; the others are not concerned.
        """
        message = message_in_hand()

        async def guarded(connection: AsyncConnection) -> T:
            await refuse_erased(connection, message)
            return await work(connection)

        return await self._group.run(guarded, is_urgent=is_urgent)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading only; in SQLite it never waits for a writer.

        Each statement sees what was committed when it began, in both databases.

        Raises:
            DatabaseUnavailable: when the database cannot be reached.
        """
        async with _transaction(self, self._reader) as connection:
            yield connection

    async def ping(self) -> None:
        """Asks the database for a sign of life.

        Raises:
            DatabaseUnavailable: when there is none.
        """
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()


async def _acquired(lock: asyncio.Lock, seconds: float) -> bool:
    """Whether the lock was taken in time.

    Not by ``asyncio.wait_for``: in Python 3.10 a cancellation at the wrong moment leaves it locked.
    """
    if not lock.locked():
        return await lock.acquire()
    waiting = asyncio.ensure_future(lock.acquire())
    try:
        await asyncio.wait({waiting}, timeout=seconds)
    except asyncio.CancelledError:
        if not waiting.cancel():
            lock.release()
        raise
    return waiting.done() or not waiting.cancel()


@asynccontextmanager
async def _transaction(database: Database, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(engine.begin())
        except Exception as error:  # each driver raises kinds of its own here
            raise _unavailable(database.url, error) from error
        yield connection


def _unavailable(url: URL, error: Exception) -> DatabaseUnavailable:
    place = url.database if url.get_backend_name() == "sqlite" else f"{url.host}:{url.port or 5432}"
    return DatabaseUnavailable(
        f"The database named by DATABASE_URL cannot be opened ({place}).",
        remedy="Check that DATABASE_URL is right, that the server runs or the file may be "
        "written, and that the user may sign in.",
        # The driver's message names users and databases but never a password.
        extra={"cause": str(getattr(error, "orig", error))},
    )


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        driver = DRIVERS[parsed.drivername]
    except (ArgumentError, KeyError, ValueError):
        # The address itself may hold a password, so it is not repeated here.
        raise SettingError(
            "DATABASE_URL is not an address of a supported database.", remedy=f"Use {FORMS}."
        ) from None
    return parsed.set(drivername=driver)


def _in_memory(url: URL) -> bool:
    return url.database in {None, "", ":memory:"}


def _make_parent(url: URL) -> None:
    if url.get_backend_name() != "sqlite" or _in_memory(url):
        return
    parent = Path(cast(str, url.database)).absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"The folder {parent} of DATABASE_URL cannot be made.",
            remedy="Choose a folder this user may write to.",
            extra={"cause": str(error)},
        ) from error


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"pool_size": POOL_SIZE, "max_overflow": POOL_SIZE, "pool_pre_ping": True}
    single = _in_memory(url)
    return {
        "poolclass": AsyncAdaptedQueuePool,
        "pool_size": 1 if single else POOL_SIZE,
        "max_overflow": 0 if single else POOL_SIZE,
        # Off, because the driver would otherwise open transactions of its own, and late.
        "connect_args": {"isolation_level": None},
    }


def _tune_sqlite(engine: AsyncEngine, busy_seconds: float) -> None:
    pragmas = (
        # A booking the patient was told about must survive a power cut.
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        # What is deleted is overwritten, so that erased words are not left in the file. FAST would
        # leave them in free pages.
        "PRAGMA secure_delete = ON",
    )

    @event.listens_for(engine.sync_engine, "connect")  # type: ignore[untyped-decorator]
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(busy_seconds * 1000)}")
        _use_wal(cursor, busy_seconds)
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")  # type: ignore[untyped-decorator]
    def _on_begin(connection: Connection) -> None:
        # Without a BEGIN a reader's statement is its own transaction: two round trips less.
        if not connection.get_execution_options().get("read_only", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _use_wal(cursor: Any, busy_seconds: float) -> None:
    """Sets the journal mode; SQLite's busy timeout does not cover the first change of a file's."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            await_only(asyncio.sleep(0.05))
        else:
            return
