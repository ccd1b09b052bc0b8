"""Patients who write while something long goes on in the database."""

from __future__ import annotations

import asyncio
import time
from typing import TypeVar

from patients_world import NOW
from sqlalchemy import insert

from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.tables import inbox

Done = TypeVar("Done")

TEXT = "my lower back hurts " * 5
ASKED = "does it hurt?"
# A writer that meets the write lock for longer than this fails, and the test with it.
PATIENCE = 2.0


async def fill(database: Database, count: int) -> None:
    """Keeps so many answered messages, ten a conversation."""
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
        for number in range(count)
    ]
    async with database.begin() as connection:
        await connection.execute(insert(inbox), rows)


async def write_until(done: asyncio.Future[Done], messages: InboxRepository) -> list[float]:
    """Writes until something is done; gives the seconds that each message took."""
    waits: list[float] = []
    while not done.done():
        began = time.perf_counter()
        await messages.take("web", "web:new", str(len(waits)), ASKED)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)
    return waits
