from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone

import pytest

from booking.memory import MemoryRepository, MemoryTries
from bot.booking import BookingAccess, BookingRequest, BookingService, NoMatch, TooManyTries

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
PHONE, OTHER = "+17805550199", "+17805550111"
REQUEST = BookingRequest("Sam Example", "lower back", "friday", "first", True, PHONE)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(
    memory_repository: MemoryRepository, memory_tries: MemoryTries, clock: Clock
) -> BookingAccess:
    return BookingAccess(memory_repository, memory_tries, clock)


@pytest.fixture
async def reference(memory_repository: MemoryRepository) -> str:
    service = BookingService(memory_repository)
    return (await service.request(REQUEST, "key", "sms:a", "sms")).reference


async def test_both_together_open_the_door(access: BookingAccess, reference: str) -> None:
    found = await access.find(reference.lower().replace("-", " "), PHONE, "web:b")
    assert found.reference == reference


async def test_either_wrong_is_the_same_refusal(access: BookingAccess, reference: str) -> None:
    told = []
    for typed, phone in ((reference, OTHER), ("B77-777", PHONE), (reference, "")):
        with pytest.raises(NoMatch) as caught:
            await access.find(typed, phone, "web:b")
        told.append(str(caught.value))
    assert len(set(told)) == 1
    assert PHONE not in told[0] and reference not in told[0]


async def test_a_request_without_a_phone_is_never_found(
    access: BookingAccess, memory_repository: MemoryRepository
) -> None:
    by_email = BookingRequest("Sam", "back", "friday", "first", True, email="sam@example.com")
    made = await BookingService(memory_repository).request(by_email, "key", "web:a", "web")
    with pytest.raises(NoMatch):
        await access.find(made.reference, "", "web:b")


async def test_five_wrong_tries_in_an_hour_close_it_for_that_conversation(
    access: BookingAccess, clock: Clock, reference: str
) -> None:
    for _ in range(5):
        clock.now += timedelta(minutes=10)
        with pytest.raises(NoMatch):
            await access.find(reference, OTHER, "web:b")
    with pytest.raises(TooManyTries):
        await access.find(reference, PHONE, "web:b")
    assert await access.find(reference, PHONE, "web:c")
    clock.now = NOON + timedelta(minutes=71)
    assert await access.find(reference, PHONE, "web:b")


async def test_right_ones_are_not_counted(access: BookingAccess, reference: str) -> None:
    for _ in range(9):
        assert await access.find(reference, PHONE, "web:b")


async def test_nothing_is_logged(
    access: BookingAccess, reference: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for phone in (OTHER, PHONE):
            try:
                await access.find(reference, phone, "web:b")
            except NoMatch:
                continue
    assert not [record for record in caplog.records if "780" in record.getMessage()]


async def test_new_conversations_do_not_help_against_the_limit_of_a_reference(
    access: BookingAccess, clock: Clock, reference: str
) -> None:
    for number in range(10):
        with pytest.raises(NoMatch):
            await access.find(reference, OTHER, f"web:{number}", client=f"198.51.100.{number}")
    with pytest.raises(TooManyTries):
        await access.find(reference.lower(), PHONE, "web:new", client="203.0.113.1")
    clock.now += timedelta(minutes=61)
    assert await access.find(reference, PHONE, "web:new", client="203.0.113.1")


async def test_an_address_may_not_go_through_all_references(
    access: BookingAccess, reference: str
) -> None:
    for number in range(20):
        with pytest.raises(NoMatch):
            await access.find(f"B77-{number:03}", PHONE, f"web:{number}", client="198.51.100.7")
    with pytest.raises(TooManyTries):
        await access.find(reference, PHONE, "web:new", client="198.51.100.7")
    assert await access.find(reference, PHONE, "web:new", client="198.51.100.8")
    # Where no address is known nobody shares a count.
    assert await access.find(reference, PHONE, "sms:new")
