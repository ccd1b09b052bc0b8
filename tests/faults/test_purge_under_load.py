"""A large purge lets patients write meanwhile; with ``FAULT_ROWS=200000`` and ``-s``, how well."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta

from patients_world import NOW, counts
from sqlalchemy import insert

from bot.privacy import PrivacyDesk, Purge, Retention
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.patients import PatientRepository
from bot.storage.tables import inbox

pytest_plugins = ["tests.unit.storage.databases"]

ROWS = int(os.environ.get("FAULT_ROWS", "4000"))
TEXT = "my lower back hurts " * 5
LATE = NOW + timedelta(days=91)
# A writer that meets the write lock for longer than this fails, and the test with it.
PATIENCE = 2.0


async def test_patients_write_while_many_rows_are_purged(database: Database) -> None:
    await _fill(database)
    address = database.url.render_as_string(hide_password=False)
    patient = Database(address, keys=database.keys, busy_seconds=PATIENCE)
    desk = PrivacyDesk(
        PatientRepository(database), Retention.of(Settings.from_env({})), lambda: LATE
    )
    started = time.perf_counter()
    purging = asyncio.ensure_future(desk.purge())
    waits = await _write_until(purging, InboxRepository(patient, lambda: LATE))
    seconds = time.perf_counter() - started
    await patient.close()
    assert purging.result().counts == {"inbox": ROWS}
    assert (await counts(database))["inbox"] == len(waits) > 3
    kind = database.url.get_backend_name()
    print(f"{kind}: {ROWS} rows in {seconds:.1f} s; longest write {max(waits) * 1000:.0f} ms")


async def _fill(database: Database) -> None:
    rows = [
        {
            "channel": "web",
            "conversation_id": f"web:{number // 10}",
            "message_id": str(number),
            "text": f"{TEXT}{number}",
            "received_at": NOW,
            "status": "done",
            "reply": [{"text": TEXT}],
        }
        for number in range(ROWS)
    ]
    async with database.begin() as connection:
        await connection.execute(insert(inbox), rows)


async def _write_until(done: asyncio.Future[Purge], messages: InboxRepository) -> list[float]:
    waits: list[float] = []
    while not done.done():
        began = time.perf_counter()
        await messages.take("web", "web:new", str(len(waits)), "does it hurt?")
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)
    return waits
