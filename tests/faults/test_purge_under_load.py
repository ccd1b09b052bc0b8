"""A large purge lets patients write meanwhile; with ``FAULT_ROWS=200000`` and ``-s``, how well."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta

from patients_world import NOW, counts

from bot.privacy import PrivacyDesk, Retention
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.patients import PatientRepository
from faults.patient_writes import PATIENCE, fill, write_until

pytest_plugins = ["tests.unit.storage.databases"]

ROWS = int(os.environ.get("FAULT_ROWS", "4000"))
LATE = NOW + timedelta(days=91)


async def test_patients_write_while_many_rows_are_purged(database: Database) -> None:
    await fill(database, ROWS)
    address = database.url.render_as_string(hide_password=False)
    patient = Database(address, keys=database.keys, busy_seconds=PATIENCE)
    desk = PrivacyDesk(
        PatientRepository(database), Retention.of(Settings.from_env({})), lambda: LATE
    )
    started = time.perf_counter()
    purging = asyncio.ensure_future(desk.purge())
    waits = await write_until(purging, InboxRepository(patient, lambda: LATE))
    seconds = time.perf_counter() - started
    await patient.close()
    assert purging.result().counts == {"inbox": ROWS}
    assert (await counts(database))["inbox"] == len(waits) > 3
    kind = database.url.get_backend_name()
    print(f"{kind}: {ROWS} rows in {seconds:.1f} s; longest write {max(waits) * 1000:.0f} ms")
