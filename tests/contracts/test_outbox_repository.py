"""What the outbox must do, whatever keeps the letters."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.booking import Booking, BookingEvent, BookingRequest, BookingService, Status
from bot.booking.staff_notice import staff_notice
from bot.booking.told import reminder_key
from bot.outbox import Outgoing, State
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.outbox import OutboxRepository, keep_letter

pytest_plugins = ["tests.unit.storage.databases"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
LEASE = timedelta(minutes=2)


def _letter(key: str, channel: str = "web") -> Outgoing:
    detail = {"choices": [{"title": "That suits me", "text": "😀"}]}
    return Outgoing(key, channel, f"{channel}:a", "booking_confirmed", "Your visit\n😀", detail)


async def _keep(database: Database, *letters: Outgoing) -> None:
    async with database.begin() as connection:
        for letter in letters:
            await keep_letter(connection, letter, NOON)


async def _claimed(outbox: OutboxRepository, now: datetime = NOON, limit: int = 10) -> list[str]:
    letters = await outbox.claim(["web"], now, LEASE, limit)
    return [letter.idempotency_key for letter in letters]


@pytest.fixture
def outbox(database: Database) -> OutboxRepository:
    return OutboxRepository(database)


async def test_a_letter_is_kept_as_it_was_given(
    database: Database, outbox: OutboxRepository
) -> None:
    await _keep(database, _letter("one"))
    (kept,) = await outbox.of_conversation("web:a")
    given = _letter("one")
    assert (kept.idempotency_key, kept.channel, kept.kind) == ("one", "web", given.kind)
    assert (kept.body, kept.detail) == (given.body, given.detail)
    assert (kept.state, kept.attempts, kept.created_at) == (State.PENDING, 0, NOON)


async def test_the_same_key_is_kept_once(database: Database, outbox: OutboxRepository) -> None:
    await _keep(database, _letter("one"), _letter("one"))
    assert len(await outbox.of_conversation("web:a")) == 1


async def test_what_is_due_is_claimed_oldest_first_and_once(
    database: Database, outbox: OutboxRepository
) -> None:
    await _keep(database, _letter("one"), _letter("sms", "sms"), _letter("two"), _letter("three"))
    assert await _claimed(outbox, limit=2) == ["one", "two"]
    assert await _claimed(outbox) == ["three"]
    assert await _claimed(outbox) == []


async def test_what_somebody_died_with_is_due_again_after_the_lease(
    database: Database, outbox: OutboxRepository
) -> None:
    await _keep(database, _letter("one"))
    assert await _claimed(outbox) == ["one"]
    assert await _claimed(outbox, NOON + LEASE - timedelta(seconds=1)) == []
    (again,) = await outbox.claim(["web"], NOON + LEASE, LEASE, 10)
    assert again.attempts == 2


async def test_of_ten_that_claim_at_once_each_letter_goes_to_one(
    database: Database, outbox: OutboxRepository
) -> None:
    await _keep(database, *(_letter(str(number)) for number in range(30)))
    claimed = await asyncio.gather(*(_claimed(outbox, limit=10) for _ in range(10)))
    taken = [key for keys in claimed for key in keys]
    assert len(taken) == len(set(taken))
    assert sorted([*taken, *await _claimed(outbox, limit=50)]) == sorted(map(str, range(30)))


async def test_an_attempt_ends_in_one_of_three_ways(
    database: Database, outbox: OutboxRepository
) -> None:
    await _keep(database, _letter("sent"), _letter("failed"), _letter("dead"))
    sent, failed, dead = await outbox.claim(["web"], NOON, LEASE, 10)
    later = NOON + timedelta(minutes=30)
    await outbox.settle(sent.id, State.SENT, NOON)
    await outbox.settle(failed.id, State.FAILED, later, "TimeoutError")
    await outbox.settle(dead.id, State.DEAD, NOON, "letter_refused")
    assert await _claimed(outbox, later - timedelta(seconds=1)) == []
    assert await _claimed(outbox, later) == ["failed"]
    kept = {letter.idempotency_key: letter for letter in await outbox.of_conversation("web:a")}
    assert (kept["sent"].state, kept["sent"].sent_at) == (State.SENT, NOON)
    assert (kept["dead"].state, kept["dead"].fault) == (State.DEAD, "letter_refused")
    assert (kept["failed"].state, kept["failed"].fault) == (State.FAILED, "TimeoutError")


CONFIRMED = Booking(
    name="Sam",
    reason="back",
    preferred="any friday",
    visit="first",
    consent=True,
    phone="+17805550199",
    contact_consent="text",
    reference="B7K-3QD",
    conversation_id="web:a",
    channel="web",
    status=Status.CONFIRMED,
    created_at=NOON,
    updated_at=NOON,
    starts_at=NOON + timedelta(days=3),
    minutes=45,
)
ASKED = BookingEvent(NOON, "patient", "received", {})


def _reminder(reference: str = "B7K-3QD") -> Outgoing:
    return replace(_letter(f"{reminder_key(reference)}soon"), conversation_id="web:a")


async def _after(database: Database, change: str, new: Status) -> None:
    """Keeps a visit with a reminder, then lets something happen to it."""
    repository = BookingRepository(database)
    await repository.add(CONFIRMED, "key", ASKED)
    assert await repository.attach(CONFIRMED, _reminder(), NOON)
    after = replace(CONFIRMED, status=new, version=2)
    await repository.record(after, BookingEvent(NOON, "patient", change, {}, None, new))


@pytest.mark.parametrize(
    ("change", "new"), [("cancelled", Status.CANCELLED), ("confirmed", Status.CONFIRMED)]
)
async def test_a_reminder_of_what_has_changed_is_withdrawn(
    database: Database, outbox: OutboxRepository, change: str, new: Status
) -> None:
    await _keep(database, _reminder("B7K-3QE"))
    await _after(database, change, new)
    assert await _claimed(outbox) == [_reminder("B7K-3QE").idempotency_key]
    (_, withdrawn) = await outbox.of_conversation("web:a")
    assert (withdrawn.state, withdrawn.fault) == (State.DEAD, "withdrawn")


async def test_a_wish_leaves_the_reminder(database: Database, outbox: OutboxRepository) -> None:
    await _after(database, "change", Status.CONFIRMED)
    assert await _claimed(outbox) == [_reminder().idempotency_key]


async def test_a_reminder_and_a_cancellation_at_once_never_leave_one_waiting(
    database: Database, outbox: OutboxRepository
) -> None:
    repository = BookingRepository(database)
    await repository.add(CONFIRMED, "key", ASKED)
    cancelled = replace(CONFIRMED, status=Status.CANCELLED, version=2)
    event = BookingEvent(NOON, "patient", "cancelled", {}, None, Status.CANCELLED)
    reminding = [repository.attach(CONFIRMED, _reminder(), NOON) for _ in range(4)]
    await asyncio.gather(*reminding, repository.record(cancelled, event))
    assert await _claimed(outbox) == []


async def test_a_new_request_and_its_letter_are_kept_together_and_once(
    database: Database, outbox: OutboxRepository
) -> None:
    service = BookingService(BookingRepository(database), notify=staff_notice)
    request = BookingRequest("Sam", "back", "any friday", "first", True, "+17805550199")
    asking = (service.request(request, "key", "web:a", "web") for _ in range(5))
    references = {booking.reference for booking in await asyncio.gather(*asking)}
    told = [letter.detail["subject"] for letter in await outbox.of_conversation("staff")]
    assert told == [f"New request {reference}" for reference in references]
