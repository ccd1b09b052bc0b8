"""Patients write while keys are changed; with ``FAULT_ROWS=20000`` and ``-s``, how well."""

from __future__ import annotations

import asyncio
import os
import time

from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.migrate import migrate
from bot.storage.sealer import Sealer
from bot.storage.sealing import KeyRing
from faults.patient_writes import ASKED, PATIENCE, fill, write_until

pytest_plugins = ["tests.unit.storage.databases"]

ROWS = int(os.environ.get("FAULT_ROWS", "2000"))
OLD, NEW = "an old secret of these tests: 90ab", "a new secret of these tests: 17cd"


async def test_patients_write_while_keys_are_changed(database_url: str) -> None:
    await migrate(database_url)
    await _fill(database_url)
    both = KeyRing([NEW, OLD])
    database = Database(database_url, keys=both)
    patient = Database(database_url, keys=both, busy_seconds=PATIENCE)
    started = time.perf_counter()
    sealing = asyncio.ensure_future(Sealer(database).run())
    waits = await write_until(sealing, InboxRepository(patient))
    seconds = time.perf_counter() - started
    assert sealing.result() == {"inbox": ROWS}
    assert await Sealer(database).waiting() == {}
    alone = Database(database_url, keys=KeyRing([NEW]))
    await alone.check_keys()
    kept = await InboxRepository(patient).history("web:new")
    assert {row.text for row in kept} == {ASKED}
    assert len(kept) == len(waits) > 3
    kind = database.url.get_backend_name()
    print(f"{kind}: {ROWS} rows in {seconds:.1f} s; longest write {max(waits) * 1000:.0f} ms")
    for opened in (database, patient, alone):
        await opened.close()


async def _fill(database_url: str) -> None:
    database = Database(database_url, keys=KeyRing([OLD]))
    await fill(database, ROWS)
    await database.close()
