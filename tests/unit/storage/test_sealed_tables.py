"""What stands in the database itself, on both kinds."""

from __future__ import annotations

from typing import Any

import pytest
from patients_world import NOW, PHONE, World, contents
from sqlalchemy import text, update

from bot.privacy import read_patient_id
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.inbox_queue import InboxQueue
from bot.storage.live_requests import LiveRequests
from bot.storage.metadata import metadata
from bot.storage.migrate import migrate
from bot.storage.patients import PatientRepository
from bot.storage.sealed_types import Mark, is_sealed
from bot.storage.sealer import Sealer
from bot.storage.sealing import DataKeyMissing, KeyRing, SealedValueBroken
from bot.storage.tables import inbox

OLD, NEW = "an old secret of these tests: 90ab", "a new secret of these tests: 17cd"
WORDS = "Quxelphir"
SEALED_COLUMNS = {
    *("inbox.text", "inbox.reply", "inbox.detail", "tracker_events.data", "booking_events.detail"),
    *("outbox.body", "outbox.detail", "bookings.name", "bookings.phone", "bookings.email"),
    *("bookings.reason", "bookings.preferred"),
}


def _opened(database: Database, *secrets: str) -> Database:
    """The same database by another process with these keys."""
    return Database(database.url.render_as_string(hide_password=False), keys=KeyRing(secrets))


async def _raw(database: Database, query: str) -> list[Any]:
    async with database.read() as connection:
        return list((await connection.execute(text(query))).scalars())


async def _write_raw(database: Database, statement: str, **values: Any) -> None:
    async with database.begin() as connection:
        await connection.execute(text(statement), values)


async def _everything(database: Database) -> str:
    tables = (table.name for table in metadata.sorted_tables)
    async with database.read() as connection:
        rows = [list(await connection.execute(text(f"SELECT * FROM {name}"))) for name in tables]
    return str(rows)


async def _fill(database: Database, email: str | None = None) -> None:
    world = World(database)
    await world.talk("web:a", WORDS)
    await world.book("web:a", WORDS, PHONE, email, preferred=f"{WORDS} day")


def test_each_sealed_column_is_bound_to_its_own_place() -> None:
    places = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if is_sealed(column):
                places[f"{table.name}.{column.name}"] = column.type.place
            if isinstance(column.type, Mark):
                assert f"{column.type.place.partition('.')[2]}_mark" == column.name
    assert {name: name for name in places} == places
    assert set(places) == SEALED_COLUMNS


async def test_no_sealed_column_is_in_the_clear(database: Database) -> None:
    await _fill(database, "Quxelphir@example.org")
    for place in SEALED_COLUMNS:
        table, _, column = place.partition(".")
        for value in await _raw(database, f"SELECT {column} FROM {table}"):
            assert value in (None, "", "[]", "{}") or value.startswith("sealed:1:"), place
    kept = await contents(database)
    assert WORDS in str(kept["inbox"])
    assert f"{WORDS} Name" in str(kept["bookings"])


async def test_a_value_moved_to_another_column_is_an_error(database: Database) -> None:
    await _fill(database)
    await _write_raw(database, "UPDATE bookings SET name = reason")
    with pytest.raises(SealedValueBroken, match=r"bookings\.name"):
        await contents(database)


async def test_a_wrong_key_writes_nothing_and_reads_nothing(database: Database) -> None:
    await _fill(database)
    stranger = _opened(database, NEW)
    before = await _everything(database)
    with pytest.raises(DataKeyMissing, match="DATA_KEYS"):
        await stranger.check_keys()
    with pytest.raises(DataKeyMissing, match="DATA_KEYS"):
        await InboxRepository(stranger).take("web", "web:b", "m1", "hello")
    with pytest.raises(DataKeyMissing, match="DATA_KEYS"):
        await InboxRepository(stranger).history("web:a")
    assert await _everything(database) == before
    await stranger.close()


async def test_a_key_that_sealed_nothing_is_not_missed(database: Database) -> None:
    await database.check_keys()
    other = _opened(database, NEW)
    await InboxRepository(other).take("web", "web:b", "m1", "hello")
    assert [row.text for row in await InboxRepository(other).history("web:b")] == ["hello"]
    await other.close()


async def test_keys_are_changed_beside_what_is_there(database_url: str) -> None:
    await migrate(database_url)
    old = Database(database_url, keys=KeyRing([OLD]))
    await _fill(old, "sam@example.org")
    both = _opened(old, NEW, OLD)
    for typed in (PHONE, "SAM@example.org"):
        who = read_patient_id(typed, str)
        export = await PatientRepository(both).export(who, "staff:Kim", NOW)
        assert export.counts["bookings"] == 1
    before = await contents(both)
    assert (await Sealer(both).run())["inbox"] == 1
    assert await Sealer(both).waiting() == {}
    new = _opened(old, NEW)
    await new.check_keys()
    after = await contents(new)
    for name in ("inbox", "tracker_events", "outbox", "booking_events"):
        assert after[name] == before[name]
    assert await LiveRequests(new).has_any("web:other", PHONE)
    assert not await LiveRequests(new).has_any("web:other", "+17805550000")
    with pytest.raises(DataKeyMissing):
        await InboxRepository(old).history("web:a")
    for opened in (old, both, new):
        await opened.close()


async def _make_clear(database: Database) -> None:
    """The rows as they were before there was encryption."""
    keys = database.keys
    async with database.begin() as connection:
        for place in SEALED_COLUMNS:
            table, _, column = place.partition(".")
            found = await connection.execute(text(f"SELECT id, {column} FROM {table}"))
            change = text(f"UPDATE {table} SET {column} = :value WHERE id = :id")
            for number, value in found.all():
                opened = None if value is None else keys.open(place, value)
                await connection.execute(change, {"value": opened, "id": number})
        await connection.execute(text("UPDATE bookings SET phone_mark = NULL, email_mark = NULL"))


async def test_rows_from_before_are_read_found_and_sealed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.sealer.BATCH", 2)
    for number in range(5):
        await World(database).talk(f"web:{number}", f"{WORDS} {number}")
    await _fill(database, "Sam@Example.org")
    before = await contents(database)
    await _make_clear(database)
    assert f"{WORDS} Name" in await _everything(database)
    assert await LiveRequests(database).has_any("web:other", PHONE)
    for typed in (PHONE, "sam@example.org"):
        who = read_patient_id(typed, str)
        export = await PatientRepository(database).export(who, "staff:Kim", NOW)
        assert export.counts["bookings"] == 1
    sealer = Sealer(database)
    assert (await sealer.waiting())["inbox"] == 6
    assert (await sealer.run())["inbox"] == 6
    assert f"{WORDS} Name" not in await _everything(database)
    assert await sealer.run() == {}
    after = await contents(database)
    for name in ("inbox", "tracker_events", "bookings", "outbox", "booking_events"):
        assert after[name] == before[name]
    assert await LiveRequests(database).has_any("web:other", PHONE)


async def test_sealing_that_was_stopped_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.sealer.BATCH", 1)
    for number in range(4):
        await World(database).talk(f"web:{number}", WORDS)
    await _make_clear(database)
    sealer, batches = Sealer(database), 0
    whole = sealer._keep

    async def stops(*arguments: Any) -> None:
        nonlocal batches
        batches += 1
        if batches == 3:
            raise ConnectionError
        await whole(*arguments)

    monkeypatch.setattr(sealer, "_keep", stops)
    with pytest.raises(ConnectionError):
        await sealer.run()
    assert sum((await Sealer(database).waiting()).values()) > 0
    await Sealer(database).run()
    assert await Sealer(database).waiting() == {}


async def test_a_row_that_changes_meanwhile_keeps_its_change(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await World(database).talk("web:a", WORDS)
    await _make_clear(database)
    sealer = Sealer(database)
    whole = sealer._keep

    async def late(connection: Any, raw: Any, *arguments: Any) -> None:
        if raw.name == inbox.name:
            await connection.execute(update(inbox).values(text="changed"))
        await whole(connection, raw, *arguments)

    monkeypatch.setattr(sealer, "_keep", late)
    await sealer.run()
    (row,) = await InboxRepository(database).history("web:a")
    assert row.text == "changed"
    await Sealer(database).run()
    assert await Sealer(database).waiting() == {}


async def test_old_text_that_looks_sealed_is_told_apart(database_url: str) -> None:
    forged = KeyRing([NEW]).seal("inbox.text", "words of somebody else")
    texts = [forged, "sealed:1:", "clear:1:x", "SEALED:1:x", "plain"]
    await migrate(database_url, "0011")
    database = Database(database_url, keys=KeyRing([NEW]))
    for number, said in enumerate(texts):
        await _write_raw(
            database,
            "INSERT INTO inbox (channel, conversation_id, message_id, text, received_at, status) "
            "VALUES ('web', 'web:a', :name, :said, '2020-02-29T12:00:00.000000+00:00', 'done')",
            name=f"m{number}",
            said=said,
        )
    await migrate(database)
    history = InboxRepository(database).history
    assert [row.text for row in await history("web:a")] == texts
    await Sealer(database).run()
    assert all(
        kept.startswith("sealed:1:") for kept in await _raw(database, "SELECT text FROM inbox")
    )
    assert [row.text for row in await history("web:a")] == texts
    await database.close()


async def test_whether_something_was_answered_is_known_without_opening_it(
    database: Database,
) -> None:
    queue, repository = InboxQueue(database), InboxRepository(database)
    for reply, is_first in (([], True), ([{"text": "Hello."}], False)):
        row = await repository.take("sms", "sms:+17805550199", f"m{is_first}", "hi")
        await repository.finish(row.id, reply)
        await repository.take("sms", "sms:+17805550199", f"n{is_first}", "hi again")
        claimed = await queue.claim("sms:+17805550199", NOW - NOW)
        assert claimed is not None
        assert claimed.is_first is is_first
        await repository.finish(claimed.row.id, [])
