"""Brings a database to the newest form of its tables; the steps are in ``migrations/versions``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.storage.database import Database

# Alembic is imported where it is used: it costs as much as SQLAlchemy, and most commands that
# touch the database migrate nothing.
if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
# How long a second process waits in SQLite while the first one migrates.
WAIT_SECONDS = 120.0
# Any fixed number: what PostgreSQL makes migrating processes take turns on.
ADVISORY_LOCK = 7_227_031


async def migrate(target: str | Database, revision: str = "head") -> None:
    """Upgrades the tables, in one transaction; does nothing when they are up to date.

    Processes that start at the same moment take turns.

    Args:
        target: The address, or the database itself; the latter is the only way in memory.
        revision: Where to stop.

    Raises:
        SettingError: when the address is wrong.
        DatabaseUnavailable: when the database cannot be reached.
    """
    async with _opened(target) as database, database.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        await connection.run_sync(_upgrade, revision)


async def current(target: str | Database) -> str | None:
    """The revision a database is at; None when it was never migrated."""
    async with _opened(target) as database, database.read() as connection:
        return await connection.run_sync(_revision)  # type: ignore[no-any-return]


async def is_current(target: str | Database) -> bool:
    """Whether a database is at the newest revision."""
    from alembic.script import ScriptDirectory

    return await current(target) == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def config_for(connection: Connection) -> Config:
    """Alembic's settings, made here so that no ini file has to be found at run time."""
    from alembic.config import Config

    config = Config()
    # Alembic keeps options in a ConfigParser, to which a single % means something.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command

    command.upgrade(config_for(connection), revision)


def _revision(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


@asynccontextmanager
async def _opened(target: str | Database) -> AsyncIterator[Database]:
    if isinstance(target, Database):
        yield target
        return
    database = Database(target, busy_seconds=WAIT_SECONDS)
    try:
        yield database
    finally:
        await database.close()
