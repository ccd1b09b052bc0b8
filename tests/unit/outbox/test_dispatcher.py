from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import pytest

from bot.outbox import Dispatcher, Letter, Outgoing, Refused, State
from bot.outbox.dispatcher import LONGEST_WAIT, MAX_ATTEMPTS, MAX_IN_FLIGHT, wait_after
from bot.storage.database import Database
from bot.storage.outbox import OutboxRepository, keep_letter
from bot.storage.tables import metadata

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


class Provider:
    channel = "sms"

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.fails: Exception | None = None

    async def send(self, letter: Letter) -> None:
        if self.fails is not None:
            raise self.fails
        self.sent.append(letter.idempotency_key)


class Office:
    """A dispatcher with its clock, its provider and what staff hear."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = OutboxRepository(database)
        self.provider = Provider()
        self.now = NOON
        self.dead: list[str] = []
        self.dispatcher = self.dispatcher_of(self.provider)

    def dispatcher_of(self, *senders: Provider) -> Dispatcher:
        async def on_dead(letter: Letter) -> None:
            self.dead.append(letter.kind)

        return Dispatcher(self.outbox, senders, lambda: self.now, on_dead)

    async def keep(self, *keys: str) -> None:
        async with self.database.begin() as connection:
            for key in keys:
                letter = Outgoing(key, "sms", "sms:a", "booking_confirmed", "Confirmed.")
                await keep_letter(connection, letter, self.now)

    async def letter(self) -> Letter:
        (letter,) = await self.outbox.of_conversation("sms:a")
        return letter


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    database = Database("sqlite://")
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield Office(database)
    await database.close()


async def test_what_is_due_is_sent_once_and_in_order(office: Office) -> None:
    keys = [f"{number:03d}" for number in range(MAX_IN_FLIGHT + 3)]
    await office.keep(*keys)
    assert await office.dispatcher.run_once() == len(keys)
    assert await office.dispatcher.run_once() == 0
    assert office.provider.sent == keys


async def test_a_failure_is_tried_again_ever_later(office: Office) -> None:
    office.provider.fails = TimeoutError("the number 780")
    await office.keep("one")
    waits: list[timedelta] = []
    for _ in range(4):
        await office.dispatcher.run_once()
        letter = await office.letter()
        assert (letter.state, letter.fault) == (State.FAILED, "TimeoutError")
        waits.append(letter.next_at - office.now)
        assert await office.dispatcher.run_once() == 0
        office.now = letter.next_at
    assert waits == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)]
    office.provider.fails = None
    assert await office.dispatcher.run_once() == 1
    assert (await office.letter()).attempts == 5


async def test_after_the_last_attempt_staff_hear_of_it(office: Office) -> None:
    office.provider.fails = TimeoutError()
    await office.keep("one")
    for _ in range(MAX_ATTEMPTS):
        assert office.dead == []
        await office.dispatcher.run_once()
        office.now += LONGEST_WAIT
    assert office.dead == ["booking_confirmed"]
    assert (await office.letter()).state is State.DEAD
    office.provider.fails = None
    assert await office.dispatcher.run_once() == 0


async def test_what_a_provider_refuses_is_given_up_at_once(office: Office) -> None:
    office.provider.fails = Refused("The number has opted out.")
    await office.keep("one")
    await office.dispatcher.run_once()
    letter = await office.letter()
    assert (letter.state, letter.attempts, letter.fault) == (State.DEAD, 1, "letter_refused")
    assert office.dead == ["booking_confirmed"]


async def test_a_failure_keeps_no_other_letter_waiting(office: Office) -> None:
    await office.keep("one", "two")
    send, failed = office.provider.send, iter([True, False])

    async def first_fails(letter: Letter) -> None:
        if next(failed):
            raise OSError
        await send(letter)

    office.provider.send = first_fails  # type: ignore[method-assign]
    assert await office.dispatcher.run_once() == 1
    assert office.provider.sent == ["two"]


async def test_a_channel_without_a_sender_waits(office: Office) -> None:
    await office.keep("one")
    assert await office.dispatcher_of().run_once() == 0
    assert (await office.letter()).state is State.PENDING


@pytest.mark.parametrize(
    ("attempts", "wait"), [(1, 2), (2, 4), (11, 2048), (12, 3600), (99, 3600), (10**9, 3600)]
)
def test_a_wait_doubles_up_to_an_hour(attempts: int, wait: int) -> None:
    assert wait_after(attempts) == timedelta(seconds=wait)
