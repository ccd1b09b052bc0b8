"""Databases to test on: SQLite always, PostgreSQL when there is a server; each one fresh."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine.url import make_url

from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.sealing import KeyRing

SERVERS = tuple(
    f"postgresql://{user}@127.0.0.1:5432/{user}" for user in ("postgres", "root", "test")
)
KEYS = KeyRing(["a secret of these tests alone: 4f1d"])
NEEDED = (
    "PostgreSQL is needed: start a server on 127.0.0.1:5432 that trusts local sign-ins, or set "
    "TEST_DATABASE_URL to a user who may create databases."
)


async def _reachable_server() -> str | None:
    given = os.environ.get("TEST_DATABASE_URL")
    for server in (given,) if given else SERVERS:
        try:
            connection = await asyncpg.connect(server, timeout=3)
        except (OSError, asyncio.TimeoutError, asyncpg.PostgresError):
            continue
        await connection.close()
        return server
    return None


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """The address of a new PostgreSQL database, dropped in the end.

    Without a server the test is skipped on a laptop and fails in CI.
    """
    server = await _reachable_server()
    if server is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NEEDED)
        pytest.skip(NEEDED)
    name = f"patient_faq_test_{uuid.uuid4().hex[:12]}"
    await _execute(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def _migrated(address: str) -> AsyncIterator[Database]:
    await migrate(address)
    opened = Database(address, keys=KEYS)
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        yield _sqlite(tmp_path)
        return
    async with postgres() as address:
        yield address


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database without rows, once of each kind."""
    async with _migrated(database_url) as opened:
        yield opened


@pytest.fixture
async def sqlite_database(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated SQLite database without rows."""
    async with _migrated(_sqlite(tmp_path)) as opened:
        yield opened


@pytest.fixture
async def postgres_database() -> AsyncIterator[Database]:
    """A migrated PostgreSQL database without rows."""
    async with postgres() as address, _migrated(address) as opened:
        yield opened


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'bot.db'}"
