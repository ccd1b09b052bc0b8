"""A turn that goes on while its patient is erased brings nothing back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from patients_world import NOW, PHONE, World, counts
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Table, insert, select

from bot.booking.ports import Try
from bot.privacy import read_patient_id
from bot.storage.alerts import AlertRepository
from bot.storage.booking_tries import TryLog
from bot.storage.database import Database
from bot.storage.in_hand import MessageErased, in_hand
from bot.storage.inbox import InboxRepository
from bot.storage.patients import PatientRepository
from bot.storage.tables import bookings, tracker_events
from bot.storage.tracker_store import DatabaseTrackerStore

WHO = read_patient_id("web:a", str)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def _erase(database: Database) -> None:
    await PatientRepository(database).erase(WHO, "staff:Kim", NOW, force=False)


async def _taken(database: Database) -> int:
    return (await InboxRepository(database).take("web", "web:a", "m1", "Mine asks")).id


async def _save_talk(database: Database) -> None:
    tracker = DialogueStateTracker.from_events("web:a", [UserUttered("Mine asks")])
    await DatabaseTrackerStore(None, database).save(tracker)


async def _write(world: World, what: str) -> Any:
    if what == "tracker":
        await _save_talk(world.database)
    elif what == "booking":
        await world.book("web:a", "Mine", PHONE)
    elif what == "alert":
        await AlertRepository(world.database).add("red_flag", "urgent", "fever", "web:a")
    else:
        await TryLog(world.database).add(Try("web:a", "hash"), NOW, NOW)


@pytest.mark.parametrize("what", ["tracker", "booking", "alert", "try"])
async def test_nothing_is_written_for_a_message_that_was_erased(world: World, what: str) -> None:
    row = await _taken(world.database)
    with in_hand(row):
        await _erase(world.database)
        with pytest.raises(MessageErased):
            await _write(world, what)
    assert await counts(world.database) == {}


@pytest.mark.parametrize("what", ["tracker", "booking", "alert", "try"])
async def test_a_message_that_is_there_is_no_hindrance(world: World, what: str) -> None:
    with in_hand(await _taken(world.database)):
        await _write(world, what)
    assert len(await counts(world.database)) > 2


async def test_the_next_message_of_an_erased_patient_is_a_new_one(world: World) -> None:
    await _taken(world.database)
    await _erase(world.database)
    with in_hand(await _taken(world.database)):
        await _save_talk(world.database)
    assert await counts(world.database) == {"inbox": 1, "conversations": 1, "tracker_events": 1}


async def test_an_answer_that_comes_too_late_finds_no_row(world: World) -> None:
    row = await _taken(world.database)
    await _erase(world.database)
    other = await InboxRepository(world.database).take("web", "web:b", "m1", "Other asks")
    await InboxRepository(world.database).finish(row, [{"text": "Dear Mine"}])
    assert other.id > row
    assert (await InboxRepository(world.database).history("web:b"))[0].reply is None


class OpenTurn:
    """A turn in the middle of a transaction."""

    def __init__(self, database: Database, row: int, table: Table, values: dict[str, Any]) -> None:
        self._written, self._may_end = asyncio.Event(), asyncio.Event()
        self._task = asyncio.ensure_future(self._write(database, row, insert(table).values(values)))

    async def _write(self, database: Database, row: int, statement: Any) -> None:
        with in_hand(row):
            async with database.begin() as connection:
                await connection.execute(statement)
                self._written.set()
                await self._may_end.wait()

    async def has_written(self) -> None:
        await self._written.wait()

    async def end(self) -> None:
        self._may_end.set()
        await self._task


async def test_an_erasure_waits_for_what_a_turn_is_writing_and_takes_it(world: World) -> None:
    row = await _taken(world.database)
    event = {"sender_id": "web:a", "type_name": "user", "timestamp": 1.0, "data": "{}"}
    turn = OpenTurn(world.database, row, tracker_events, event)
    await turn.has_written()
    erasing = asyncio.ensure_future(_erase(world.database))
    done, _ = await asyncio.wait([erasing], timeout=0.5)
    assert not done
    await turn.end()
    await erasing
    assert await counts(world.database) == {}


async def test_a_request_made_while_the_erasure_waits_is_taken_too(world: World) -> None:
    row = await _taken(world.database)
    booking = await world.book("web:a", "Mine", PHONE)
    async with world.database.read() as connection:
        kept = (await connection.execute(select(bookings))).mappings().one()
    again = {name: value for name, value in kept.items() if name != "id"}
    # Read back it is the mark; given, it is what the mark is made of.
    again |= {"reference": "B7K-3QD", "idempotency_key": "again", "phone_mark": booking.phone}
    turn = OpenTurn(world.database, row, bookings, again)
    await turn.has_written()
    who = read_patient_id(str(booking.phone), str)
    patients = PatientRepository(world.database)
    erasing = asyncio.ensure_future(patients.erase(who, "staff:Kim", NOW, force=False))
    # Long enough to have looked for requests and to wait for the turn.
    await asyncio.wait([erasing], timeout=0.5)
    await turn.end()
    await erasing
    assert await counts(world.database) == {}
