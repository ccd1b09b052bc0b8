"""What is erased or purged is not in the bytes of SQLite's files any more."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from patients_world import NOW, OTHER_PHONE, PHONE, World, contents, counts
from sqlalchemy import text

from bot.privacy import PrivacyDesk, Retention, read_patient_id
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.patients import PatientRepository
from storage.databases import sqlite_database

__all__ = ["sqlite_database"]
RETENTION = Retention.of(Settings.from_env({}))
# Some of it long enough for pages of its own.
MARK, LONG = "Quxelphir", "Quxelphir " + "and it hurts " * 1000
MARKS = (MARK, PHONE, "web:mine")


def _files(database: Database) -> bytes:
    path = Path(str(database.url.database))
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def _left(database: Database, *marks: str) -> list[str]:
    found = _files(database)
    return [mark for mark in marks if mark.encode() in found]


async def _sealed(database: Database, conversation: str) -> list[str]:
    """What a patient wrote, as it stands encrypted in the files."""
    mine = text("SELECT text FROM inbox WHERE conversation_id = :who")
    async with database.read() as connection:
        return list((await connection.execute(mine, {"who": conversation})).scalars())


def _desk(database: Database) -> PrivacyDesk:
    return PrivacyDesk(PatientRepository(database), RETENTION, lambda: NOW)


@pytest.fixture
async def world(sqlite_database: Database) -> World:
    """Two patients in turn, so that the pages of one hold rows of the other."""
    world = World(sqlite_database)
    for number in range(60):
        later = world.after(minutes=number)
        await later.talk("web:mine", LONG if number % 7 == 0 else MARK)
        await later.talk(f"web:{number}", "Other")
    await world.book("web:mine", MARK, PHONE)
    await world.book("web:7", "Other", OTHER_PHONE)
    return world


async def test_no_word_of_an_erased_patient_is_left_in_the_files(world: World) -> None:
    database = world.database
    assert _left(database, *MARKS) == list(MARKS)
    mine, others = await _sealed(database, "web:mine"), await _sealed(database, "web:7")
    # The long ones stand in several pages: their ends tell as well.
    sealed = [part for value in mine for part in (value[:200], value[-200:])]
    assert len(_left(database, *sealed)) == len(sealed) == 120
    erased = await _desk(database).erase(read_patient_id(PHONE, str), "staff:Kim")
    assert erased.is_settled
    assert _left(database, *MARKS, *sealed) == []
    assert _left(database, *others) == others
    assert _left(database, "Other", OTHER_PHONE, "web:59") == ["Other", OTHER_PHONE, "web:59"]


async def test_no_word_of_anybody_is_left_after_every_window(world: World) -> None:
    await _desk(world.database).purge(NOW + timedelta(days=40_000))
    assert await counts(world.database) == {}
    assert len((await contents(world.database))["privacy_log"]) == 1
    everything = (*MARKS, "Other", OTHER_PHONE, "web:", "fever", "friday", "booking/request")
    assert _left(world.database, *everything) == []


async def test_readers_that_never_end_are_told_of(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.settled.PAUSE_SECONDS", 0.01)
    impatient = Database(str(world.database.url), keys=world.database.keys, busy_seconds=0.05)
    async with world.database.engine.connect() as reader:
        # Its transaction sees, and so keeps, the pages as they are now.
        await reader.execution_options(read_only=True)
        await reader.exec_driver_sql("BEGIN")
        await reader.exec_driver_sql("SELECT count(*) FROM inbox")
        who = read_patient_id(PHONE, str)
        erased = await _desk(impatient).erase(who, "staff:Kim")
        assert not erased.is_settled
        await reader.exec_driver_sql("ROLLBACK")
    assert MARK not in str(await contents(world.database))
    assert (await _desk(impatient).purge(NOW)).is_settled
    await impatient.close()
    assert _left(world.database, *MARKS) == []


async def test_a_purge_lets_patients_write_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.expired.BATCH", 2)
    desk = _desk(world.database)
    purging = asyncio.ensure_future(desk.purge(NOW + timedelta(days=91)))
    after = World(world.database, NOW + timedelta(days=91))
    for number in range(5):
        await after.talk(f"web:new{number}", "New")
        assert not purging.done()
    await purging
    assert (await counts(world.database))["inbox"] == 5
