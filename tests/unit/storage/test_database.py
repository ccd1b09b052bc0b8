from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.errors import SettingError
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.migrate import migrate
from bot.storage.tables import booking_events, conversations
from bot.storage.types import utc_now

NOBODY_LISTENS = "postgresql://clinic:hunter2@127.0.0.1:9/clinic"


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite://", "sqlite+aiosqlite"),
        ("sqlite:////tmp/a.db", "sqlite+aiosqlite"),
        ("postgres://u@h/d", "postgresql+asyncpg"),
        ("postgresql://u@h/d", "postgresql+asyncpg"),
    ],
)
def test_an_address_gets_the_async_driver(given: str, driver: str) -> None:
    assert Database(given).url.drivername == driver


@pytest.mark.parametrize(
    "given", ["mysql://u:hunter2@h/d", "hunter2", "", "postgresql//u:hunter2@h"]
)
def test_a_wrong_address_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(SettingError) as caught:
        Database(given)
    assert "DATABASE_URL" in str(caught.value)
    assert "postgresql://" in caught.value.remedy
    assert "hunter2" not in str(caught.value)


async def test_an_unreachable_server_names_the_setting_and_hides_the_password() -> None:
    database = Database(NOBODY_LISTENS)
    with pytest.raises(DatabaseUnavailable) as caught:
        await database.ping()
    assert "DATABASE_URL" in caught.value.message
    assert "127.0.0.1:9" in caught.value.message
    assert "hunter2" not in f"{caught.value} {caught.value.extra} {caught.value.__cause__}"


async def test_the_folder_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/bot.db")
    await database.ping()
    await database.close()
    assert (tmp_path / "new/folder/bot.db").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingError, match="DATABASE_URL"):
        Database(f"sqlite:///{tmp_path}/file/bot.db")


async def test_a_path_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("this is a letter, not a database " * 40)
    database = Database(f"sqlite:///{tmp_path}/bot.db")
    with pytest.raises(DatabaseUnavailable, match=r"bot\.db"):
        await database.ping()


async def test_sqlite_is_durable_and_keeps_references_whole(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/bot.db")
    async with database.read() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names]
    await database.close()
    assert values == ["wal", 2, 1, 5000]


async def test_what_is_committed_is_there_for_the_next_process(database: Database) -> None:
    await _open_conversation(database, "one")
    other = Database(database.url.render_as_string(hide_password=False))
    assert await _conversations(other) == ["one"]
    await other.close()


async def test_an_error_rolls_everything_back(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.begin() as connection:
            await connection.execute(insert(conversations).values(_row("one")))
            raise RuntimeError
    assert await _conversations(database) == []


async def test_a_dangling_reference_is_refused(database: Database) -> None:
    event = {"booking_id": 99, "at": utc_now(), "actor": "patient", "change": "x", "detail": {}}
    with pytest.raises(IntegrityError):
        async with database.begin() as connection:
            await connection.execute(insert(booking_events).values(event))


async def test_transactions_that_read_then_write_do_not_fail_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    await migrate(url)
    database = Database(url)
    await _open_conversation(database, "count:0")

    async def add_one() -> None:
        async with database.begin() as connection:
            row = (await connection.execute(select(conversations.c.channel))).scalar_one()
            await asyncio.sleep(0)
            count = int(row) + 1 if row.isdigit() else 1
            await connection.execute(update(conversations).values(channel=str(count)))

    await asyncio.gather(*(add_one() for _ in range(8)))
    async with database.read() as connection:
        assert (await connection.execute(select(conversations.c.channel))).scalar_one() == "8"
    await database.close()


async def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    await migrate(url)
    database = Database(url, busy_seconds=0)
    async with database.begin() as connection:
        await connection.execute(insert(conversations).values(_row("unfinished")))
        assert await _conversations(database) == []
    await database.close()


async def test_a_writer_that_waits_too_long_says_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/bot.db", busy_seconds=0)
    async with database.begin():
        with pytest.raises(DatabaseUnavailable) as caught:
            async with database.begin():
                pass
    await database.close()
    assert "locked" in caught.value.extra["cause"]


async def test_a_writer_that_gives_up_waiting_keeps_nobody_waiting(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/bot.db", busy_seconds=60)

    async def write() -> None:
        async with database.begin():
            pass

    async with database.begin():
        gone, next_one = asyncio.ensure_future(write()), asyncio.ensure_future(write())
        await asyncio.sleep(0.01)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    await asyncio.wait_for(next_one, 10)
    await asyncio.wait_for(write(), 10)
    await database.close()
    assert gone.cancelled()


async def test_memory_is_one_database_for_all_transactions() -> None:
    database = Database("sqlite://")
    await migrate(database)
    await asyncio.gather(*(_open_conversation(database, str(number)) for number in range(5)))
    assert sorted(await _conversations(database)) == ["0", "1", "2", "3", "4"]
    await database.close()


def _row(conversation_id: str) -> dict[str, object]:
    now = utc_now()
    return {"id": conversation_id, "channel": "web", "created_at": now, "last_seen_at": now}


async def _open_conversation(database: Database, conversation_id: str) -> None:
    async with database.begin() as connection:
        await connection.execute(insert(conversations).values(_row(conversation_id)))


async def _conversations(database: Database) -> list[str]:
    async with database.read() as connection:
        return [row.id for row in await connection.execute(select(conversations.c.id))]


async def test_an_error_of_a_statement_does_not_quote_its_values() -> None:
    database = Database("sqlite://")
    with pytest.raises(Exception, match="no such table") as failed:
        async with database.begin() as connection:
            await connection.execute(
                text("INSERT INTO nowhere VALUES (:words)"), {"words": "secret"}
            )
    await database.close()
    assert "secret" not in str(failed.value)


async def test_writers_that_open_a_new_file_at_once_take_turns(tmp_path: Path) -> None:
    # One round in thirty met "database is locked" when nobody waited for the first WAL file.
    for number in range(40):
        url = f"sqlite:///{tmp_path}/{number}.db"
        await asyncio.gather(*(_open_and_write(url) for _ in range(4)))


async def _open_and_write(url: str) -> None:
    database = Database(url, busy_seconds=60)
    async with database.begin() as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS taken (id INTEGER)"))
    await database.close()
