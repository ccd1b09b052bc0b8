from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.storage.consents import ConsentRepository
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.inbox_queue import Arrival, InboxQueue

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
LEASE = timedelta(seconds=60)
WHO = "sms:+17805550134"


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(database: Database, clock: Clock) -> InboxQueue:
    return InboxQueue(database, clock)


def _text(message_id: str, who: str = WHO, text: str = "hi") -> Arrival:
    return Arrival("sms", who, message_id, text, heeds_consent=True)


async def test_a_batch_is_taken_in_its_order_and_each_once(queue: InboxQueue) -> None:
    taken = await queue.take([_text("1"), _text("2"), _text("1")])
    assert [one.row.is_new for one in taken] == [True, True, False]
    (again,) = await queue.take([_text("2")])
    assert (again.row.is_new, again.row.id) == (False, taken[1].row.id)


async def test_only_the_oldest_unanswered_message_can_be_claimed(
    queue: InboxQueue, database: Database, clock: Clock
) -> None:
    inbox = InboxRepository(database, clock)
    await queue.take([_text("1"), _text("2"), _text("3", "sms:+17805550199")])
    first = await queue.claim(WHO, LEASE)
    assert first is not None
    assert (first.row.message_id, first.row.attempts, first.is_first) == ("1", 1, True)
    assert await queue.claim(WHO, LEASE) is None
    assert await queue.waiting(["sms"]) == [WHO, "sms:+17805550199"]
    await inbox.finish(first.row.id, [{"text": "hello"}])
    second = await queue.claim(WHO, LEASE)
    assert second is not None
    assert (second.row.message_id, second.is_first) == ("2", False)


async def test_a_claim_ends_with_its_lease(queue: InboxQueue, clock: Clock) -> None:
    await queue.take([_text("1")])
    await queue.claim(WHO, LEASE)
    clock.now += LEASE - timedelta(seconds=1)
    assert await queue.claim(WHO, LEASE) is None
    clock.now += timedelta(seconds=1)
    again = await queue.claim(WHO, LEASE)
    assert again is not None
    assert again.row.attempts == 2


async def test_whoever_starts_alone_takes_up_what_was_claimed(queue: InboxQueue) -> None:
    await queue.take([_text("1")])
    await queue.claim(WHO, LEASE)
    assert await queue.release(["messenger"]) == 0
    assert await queue.release(["sms"]) == 1
    assert await queue.claim(WHO, LEASE) is not None


async def test_of_many_that_claim_at_once_one_gets_it(queue: InboxQueue) -> None:
    await queue.take([_text("1"), _text("2")])
    claimed = await asyncio.gather(*(queue.claim(WHO, LEASE) for _ in range(10)))
    assert [one.row.message_id for one in claimed if one] == ["1"]


async def test_consent_is_kept_with_the_message_that_changes_it(
    queue: InboxQueue, database: Database
) -> None:
    stop = replace(_text("1"), is_answered=False, consent=("stop", "stop"))
    start = replace(_text("3"), consent=("start", "start"))
    taken = [(await queue.take([one]))[0] for one in (stop, _text("2"), start, stop, _text("4"))]
    assert [one.row.status for one in taken] == ["done", "done", "received", "done", "received"]
    assert [one.is_silenced for one in taken] == [False, True, False, False, False]
    assert taken[2].row.detail == {"restarted": True}
    assert not await ConsentRepository(database).is_out(WHO)


async def test_a_start_of_whoever_never_stopped_changes_nothing(queue: InboxQueue) -> None:
    (taken,) = await queue.take([replace(_text("1"), consent=("start", "yes"))])
    assert (taken.row.status, taken.row.detail, taken.arrival.consent) == ("received", None, None)


async def test_when_a_patient_last_wrote(queue: InboxQueue, clock: Clock) -> None:
    assert await queue.last_received(WHO) is None
    await queue.take([_text("1")])
    clock.now += timedelta(hours=1)
    await queue.take([_text("2")])
    assert await queue.last_received(WHO) == clock.now
