"""Messages, letters, talks and requests as the parts of a server write them, at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from patients_world import LATER, World
from sqlalchemy import insert, update

from bot.booking import Booking, Status, staff
from bot.outbox.model import Outgoing
from bot.storage.database import Database
from bot.storage.handoff_tables import handoffs
from bot.storage.inbox import InboxRepository
from bot.storage.outbox import keep_letter
from bot.storage.review import ReviewRepository
from bot.storage.tables import outbox, tracker_events
from fakes.copies import NOON, copied

NUMBERS = count(1)


@dataclass
class Clinic:
    """Writes what a server would."""

    database: Database

    async def message(
        self, at: datetime = NOON, took: float = 0.1, conversation: str = "web:a", **turn: Any
    ) -> int:
        """A message with its reply and its copy."""
        channel = conversation.partition(":")[0]
        taken = InboxRepository(self.database, lambda: at)
        row = await taken.take(channel, conversation, f"m{next(NUMBERS)}", "words")
        done = InboxRepository(self.database, lambda: at + timedelta(seconds=took))
        await done.finish(row.id, [{"text": "Yes."}])
        given = {"reply": [{"text": "Yes."}], **turn}
        copy = copied(
            inbox_id=row.id, conversation_id=conversation, channel=channel, at=at, **given
        )
        await ReviewRepository(self.database).keep([copy])
        return row.id

    async def letter(self, key: str, kind: str, at: datetime, conversation: str) -> None:
        """A letter that was kept and sent at a moment."""
        channel = conversation.partition(":")[0]
        letter = Outgoing(key, channel, conversation, kind, "words")
        async with self.database.begin() as connection:
            await keep_letter(connection, letter, at)
            mine = outbox.c.idempotency_key == key
            await connection.execute(update(outbox).where(mine).values(sent_at=at))

    async def asked_for_a_person(self, at: datetime, conversation: str = "web:a") -> int:
        row = {
            "conversation_id": conversation,
            "channel": conversation.partition(":")[0],
            "state": "taken",
            "version": 2,
            "opened_at": at,
            "asked_at": at,
            "taken_by": "Kim",
        }
        async with self.database.begin() as connection:
            done = await connection.execute(insert(handoffs).values(**row))
            return int(done.inserted_primary_key[0])

    async def begun(self, at: datetime, conversation: str) -> None:
        """Rasa notes that the form of a request was opened."""
        row = {
            "sender_id": conversation,
            "type_name": "active_loop",
            "timestamp": at.timestamp(),
            "data": '{"event": "active_loop", "name": "booking_form"}',
        }
        async with self.database.begin() as connection:
            await connection.execute(insert(tracker_events).values(**row))

    async def request(self, at: datetime, conversation: str, *steps: Status) -> Booking:
        world = World(self.database, at)
        booking: Booking = await world.book(conversation, conversation)
        for step in steps:
            await world.desk().move(booking.reference, step, staff("Kim"), time=LATER)
        return booking
