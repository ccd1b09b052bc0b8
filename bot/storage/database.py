"""The one way to the database: an async engine over SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import BotError, SettingError
from bot.settings import Settings
from bot.storage import data_keys
from bot.storage.group_commit import GroupCommit, T, Work
from bot.storage.in_hand import message_in_hand, refuse_erased
from bot.storage.sealed_types import carry
from bot.storage.sealing import KeyRing
from bot.storage.sqlite_tuning import tune

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
        keys: Seal and open what patients wrote.
    """

    def __init__(
        self, url: str, *, keys: KeyRing | None = None, busy_seconds: float = BUSY_SECONDS
    ) -> None:
        """Makes the engine; nothing is opened before the first transaction.

        Args:
            url: ``sqlite:///path``, ``sqlite://`` (in memory) or ``postgresql://user@host/name``.
            keys: Seal and open what patients wrote. None: in memory a key of its own, elsewhere
                none, which does for all that needs no sealed column.
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
            tune(self.engine, busy_seconds)
        own = KeyRing.for_this_process() if _in_memory(self.url) else KeyRing()
        self.keys = keys or own
        carry(self.engine.dialect, self.keys)
        self._is_noted = not self.keys.keys
        # SQLite lets one write at a time, and those who wait for it by turns of luck: under load
        # some would wait too long. Here they queue.
        self._writing = asyncio.Lock() if self.is_sqlite else None
        self._patience = busy_seconds
        self._group = GroupCommit(self.begin)
        self._reader: AsyncEngine = self.engine.execution_options(read_only=True)

    @classmethod
    def of(cls, settings: Settings, url: str | None = None) -> Database:
        """The database of the settings, with their keys; or another one, such as one in memory."""
        secrets = settings.data_secrets
        return cls(url or settings.database_url, keys=KeyRing(secrets) if secrets else None)

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
            DataKeyMissing: when what patients wrote is sealed with a key that is not set.
            MessageErased: in a turn whose message was erased.
        """
        if not self._is_noted:
            await self.check_keys()
        async with self._begin() as connection:
            await refuse_erased(connection, message_in_hand())
            yield connection

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            if self._writing is not None:
                await self._wait_for_turn(self._writing)
                stack.callback(self._writing.release)
            yield await stack.enter_async_context(_transaction(self, self.engine))

    async def check_keys(self) -> None:
        """Makes sure that the keys open what is there, and notes the one that seals.

        Also while the server runs: after another process has sealed all anew, and forgotten it.

        Raises:
            DataKeyMissing: when they do not.
            DataKeysUnset: when there are none.
            DatabaseUnavailable: when the database cannot be reached.
        """
        async with self.read() as connection:
            self._is_noted = await data_keys.is_known(connection, self.keys)
        if not self._is_noted:
            async with self._begin() as connection:
                self._is_noted = await data_keys.note(connection, self.keys)

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
