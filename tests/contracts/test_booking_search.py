"""Searching, in every booking repository."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.booking.model import Booking, BookingEvent, Status
from bot.booking.ports import BookingRepository, Search
from bot.storage import bookings
from bot.storage.database import Database

pytest_plugins = ["tests.unit.booking.memory", "tests.unit.storage.databases"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
BOOKING = Booking(
    "Sam Example",
    "lower back",
    "friday morning",
    "first",
    True,
    reference="B7K-3QD",
    conversation_id="conversation",
    channel="web",
    status=Status.RECEIVED,
    created_at=NOON,
    updated_at=NOON,
)
ASKED = BookingEvent(NOON, "patient", "received", {})
REFERENCES = ("B33-333", "B44-444", "B66-666", "B77-777")


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def repository(request: pytest.FixtureRequest) -> BookingRepository:
    if request.param == "memory":
        memory: BookingRepository = request.getfixturevalue("memory_repository")
        return memory
    opened: Database = request.getfixturevalue(f"{request.param}_database")
    return bookings.BookingRepository(opened)


async def _four(repository: BookingRepository) -> None:
    """Two without a time, two confirmed a day apart; oldest first."""
    for number, reference in enumerate(REFERENCES):
        booking = replace(BOOKING, reference=reference)
        if number > 1:
            start = NOON + timedelta(days=number)
            booking = replace(booking, status=Status.CONFIRMED, starts_at=start, minutes=45)
        await repository.add(booking, reference, ASKED)


async def _found(repository: BookingRepository, wanted: Search) -> tuple[list[str], int, bool]:
    page = await repository.search(wanted)
    return [booking.reference for booking in page.bookings], page.total, page.more


async def test_pages_follow_on_each_other(repository: BookingRepository) -> None:
    await _four(repository)
    newest = list(REFERENCES[::-1])
    assert await _found(repository, Search()) == (newest, 4, False)
    assert await _found(repository, Search(limit=3)) == (newest[:3], 4, True)
    assert await _found(repository, Search(limit=3, after=newest[2])) == (newest[3:], 4, False)
    assert await _found(repository, Search(limit=0)) == ([], 4, True)
    assert await _found(repository, Search(after="B99-999")) == ([], 4, False)


async def test_a_search_is_narrowed(repository: BookingRepository) -> None:
    await _four(repository)
    *_, early, late = REFERENCES
    day = timedelta(days=1)
    confirmed = frozenset({Status.CONFIRMED})
    assert (await _found(repository, Search(statuses=confirmed)))[0] == [late, early]
    assert (await _found(repository, Search(statuses=frozenset())))[0] == []
    # Without a time there is no start to compare.
    assert (await _found(repository, Search(start_from=NOON)))[0] == [late, early]
    assert (await _found(repository, Search(start_before=NOON + 3 * day)))[0] == [early]
    between = Search(start_from=NOON + 3 * day, start_before=NOON + 4 * day)
    assert await _found(repository, between) == ([late], 1, False)
