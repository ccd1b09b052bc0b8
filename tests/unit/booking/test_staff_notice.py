from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import partial

import pytest

from booking.memory import MemoryRepository
from bot.booking import BookingRequest, BookingService, Status, VisitTime, staff
from bot.booking.staff_notice import staff_notice
from bot.outbox import Outgoing

NOON = datetime(2026, 11, 24, 19, 0, tzinfo=timezone.utc)
REQUEST = BookingRequest(
    "Private Name",
    "private reason",
    "private friday (Friday 27 November 2026)",
    "first",
    True,
    "+17805550199",
)
PRIVATE = ("private", "0199", "27 November", "web:a")


@pytest.fixture
def service(memory_repository: MemoryRepository) -> BookingService:
    return BookingService(memory_repository, lambda: NOON, notify=staff_notice)


def _told(repository: MemoryRepository) -> list[str]:
    return [letter.kind.removeprefix("staff_booking_") for letter in _letters(repository)]


def _letters(repository: MemoryRepository) -> list[Outgoing]:
    return list(repository.letters.values())


async def test_a_new_request_is_told_once(
    service: BookingService, memory_repository: MemoryRepository
) -> None:
    for _ in range(3):
        booking = await service.request(REQUEST, "key", "web:a", "web")
    (letter,) = _letters(memory_repository)
    assert (letter.channel, letter.conversation_id) == ("email", "staff")
    assert letter.detail == {"subject": f"New request {booking.reference}"}
    assert f"bot booking show {booking.reference}" in letter.body


async def test_the_letter_leads_to_the_console_where_it_has_an_address(
    memory_repository: MemoryRepository,
) -> None:
    notify = partial(staff_notice, address="https://clinic.example/")
    service = BookingService(memory_repository, lambda: NOON, notify=notify)
    booking = await service.request(REQUEST, "key", "web:a", "web")
    (letter,) = _letters(memory_repository)
    assert f"https://clinic.example/console/bookings/{booking.reference}" in letter.body
    assert "bot booking" not in letter.body


async def test_what_the_patient_does_is_told_and_what_staff_do_is_not(
    service: BookingService, memory_repository: MemoryRepository
) -> None:
    booking = await service.request(REQUEST, "key", "web:a", "web")
    time = VisitTime(NOON + timedelta(days=3), 45)
    await service.move(booking.reference, Status.SEEN, staff("Kim"))
    await service.move(booking.reference, Status.PROPOSED, staff("Kim"), time=time)
    await service.wish_to_change(booking.reference, "private words")
    await service.accept(booking.reference, "private words")
    await service.cancel(booking.reference, "private words")
    assert _told(memory_repository) == ["received", "change", "confirmed", "cancelled"]


async def test_a_request_nobody_answered_is_told(
    service: BookingService, memory_repository: MemoryRepository
) -> None:
    await service.request(REQUEST, "key", "web:a", "web")
    await service.expire(NOON + timedelta(days=9))
    assert _told(memory_repository) == ["received", "expired"]


async def test_nothing_of_the_patient_s_is_in_it(
    service: BookingService, memory_repository: MemoryRepository
) -> None:
    booking = await service.request(REQUEST, "key", "web:a", "web")
    await service.wish_to_change(booking.reference, "private words")
    await service.cancel(booking.reference, "private words")
    assert len(_letters(memory_repository)) == 3
    for letter in _letters(memory_repository):
        assert [word for word in PRIVATE if word in str(letter).lower()] == []
        assert letter.detail["subject"] in letter.body


async def test_nobody_is_told_where_email_is_off(memory_repository: MemoryRepository) -> None:
    service = BookingService(memory_repository, lambda: NOON)
    await service.request(REQUEST, "key", "web:a", "web")
    assert memory_repository.letters == {}
