"""Patients with something in every table, each of whose words carry that patient's mark."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import insert, select

from bot.booking import Booking, BookingRequest, BookingService, Status, VisitTime, staff
from bot.booking.ports import Try
from bot.booking.told import StatusWords
from bot.handoff import Handoff, State
from bot.outbox.model import Outgoing
from bot.settings import ROOT
from bot.storage.alerts import AlertRepository
from bot.storage.booking_tries import TryLog
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.handoffs import HandoffRepository
from bot.storage.inbox import InboxRepository
from bot.storage.tables import metadata, tracker_events

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
LATER = VisitTime(datetime(2026, 12, 4, 17, 0, tzinfo=timezone.utc), 45)
WORDS = StatusWords.load(ROOT / "domain.yml", "America/Edmonton", "780-555-0142")
LONG_AGO = NOW - timedelta(days=36500)
PHONE, OTHER_PHONE = "+17805550199", "+17805550134"


@dataclass
class World:
    """Fills the tables the way the parts of the server do."""

    database: Database
    now: datetime = NOW

    async def talk(self, conversation: str, mark: str) -> None:
        """A message with its reply and Rasa's record, an alert, a wrong try, a talk with staff."""
        channel = conversation.partition(":")[0]
        inbox = InboxRepository(self.database, lambda: self.now)
        name = f"{mark}-{self.now.timestamp()}"
        row = await inbox.take(channel, conversation, name, f"{mark} asks")
        await inbox.finish(row.id, [{"text": f"Dear {mark}", "answer_ids": ["booking/request"]}])
        await self.event(conversation, mark)
        await AlertRepository(self.database, lambda: self.now).add(
            "red_flag", "urgent", "fever", conversation
        )
        await TryLog(self.database).add(Try(conversation, mark), self.now, LONG_AGO)
        talk = Handoff(0, conversation, channel, State.GIVEN_BACK, 3, self.now, taken_by="Kim")
        await HandoffRepository(self.database).add(talk, lambda _: ())

    async def event(self, conversation: str, mark: str) -> None:
        data = {"event": "user", "timestamp": self.now.timestamp(), "text": f"{mark} asks"}
        values = {
            "sender_id": conversation,
            "type_name": "user",
            "timestamp": self.now.timestamp(),
            "data": json.dumps(data),
        }
        async with self.database.begin() as connection:
            await connection.execute(insert(tracker_events).values(**values))

    async def book(
        self,
        conversation: str,
        mark: str,
        phone: str | None = PHONE,
        email: str | None = None,
        preferred: str = "friday",
    ) -> Booking:
        """A request, and a letter about it to patient and staff."""
        request = BookingRequest(
            f"{mark} Name", f"{mark} hurts", preferred, "first", True, phone, email
        )
        channel = conversation.partition(":")[0]
        key = f"{mark}-{self.now.timestamp()}-{phone}-{email}"
        return await self.desk().request(request, key, conversation, channel)

    async def confirm(self, booking: Booking, time: VisitTime = LATER) -> Booking:
        return await self.desk().move(
            booking.reference, Status.CONFIRMED, staff("Kim"), time=time, text="words of staff"
        )

    def desk(self) -> BookingService:
        return BookingService(
            BookingRepository(self.database),
            lambda: self.now,
            tell=WORDS.letter,
            notify=lambda booking, event: [_notice(booking, event)],
        )

    def after(self, **lapse: int) -> World:
        """The same tables at a later time."""
        return World(self.database, self.now + timedelta(**lapse))


def _notice(booking: Booking, event: Any) -> Outgoing:
    key = f"staff/{booking.reference}/{booking.version}"
    return Outgoing(key, "email", "staff", "staff_booking", f"See {booking.reference}", {})


async def counts(database: Database) -> dict[str, int]:
    """How many rows each table has; only tables that have some, without the log and the keys."""
    found = {name: len(rows) for name, rows in (await contents(database)).items()}
    of_nobody = {"privacy_log", "data_keys"}
    return {name: number for name, number in found.items() if number and name not in of_nobody}


async def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    async with database.read() as connection:
        return {
            table.name: sorted(map(str, await connection.execute(select(table))))
            for table in metadata.sorted_tables
        }
