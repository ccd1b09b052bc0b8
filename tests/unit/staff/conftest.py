from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher
from storage.databases import database, database_url

from bot.staff import passwords
from bot.staff.office import Office
from bot.storage.database import Database
from bot.storage.tables import metadata
from staff.people import Clock, office_of

__all__ = ["database", "database_url"]


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes a hash dear is tested where hashes are; elsewhere it only takes time."""
    if request.path.stem != "test_proofs":
        monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def memory() -> AsyncIterator[Database]:
    opened = Database("sqlite://")
    async with opened.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield opened
    await opened.close()


@pytest.fixture
def office(memory: Database, clock: Clock) -> Office:
    return office_of(memory, clock)


@pytest.fixture
def office_on_each(database: Database, clock: Clock) -> Office:
    """In a file and on PostgreSQL: where people really meet."""
    return office_of(database, clock)
