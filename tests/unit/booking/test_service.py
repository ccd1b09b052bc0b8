from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

import pytest

from booking.memory import MemoryRepository
from bot.booking import (
    Booking,
    BookingNotFound,
    BookingRequest,
    BookingService,
    ReferenceTaken,
    Status,
)
from bot.booking.service import draw_reference, tidy_reference

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
REQUEST = BookingRequest(
    name="Sam Example",
    reason="lower back",
    preferred="friday morning",
    visit="first",
    consent=True,
    email="sam@example.com",
)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(memory_repository: MemoryRepository, clock: Clock) -> BookingService:
    return BookingService(memory_repository, clock)


async def _ask(service: BookingService, key: str = "key", conversation: str = "one") -> Booking:
    return await service.request(REQUEST, key, conversation, "web")


def _drawing(*references: str) -> Callable[[], str]:
    drawn: Iterator[str] = iter(references)
    return lambda: next(drawn)


async def test_a_request_is_kept_with_what_the_patient_said(service: BookingService) -> None:
    booking = await _ask(service)
    assert (booking.name, booking.email, booking.phone) == ("Sam Example", "sam@example.com", None)
    assert (booking.conversation_id, booking.channel) == ("one", "web")
    assert (booking.status, booking.created_at) == (Status.REQUESTED, NOON)
    assert await service.get(booking.reference) == booking
    assert [event.change for event in await service.events(booking.reference)] == ["requested"]


async def test_the_same_key_is_the_same_booking(service: BookingService) -> None:
    assert await _ask(service) == await _ask(service)
    assert len(await service.list()) == 1


async def test_a_key_never_shows_another_conversations_booking(service: BookingService) -> None:
    mine, theirs = await _ask(service, "key", "one"), await _ask(service, "key", "two")
    assert mine.reference != theirs.reference
    assert list(await service.of_conversation("two")) == [theirs]


async def test_a_taken_reference_is_drawn_again(memory_repository: MemoryRepository) -> None:
    draw = _drawing("B77-777", "B77-777", "B99-999")
    service = BookingService(memory_repository, draw=draw)
    await _ask(service, "first")
    assert (await _ask(service, "second")).reference == "B99-999"


async def test_when_no_reference_is_free_it_gives_up(memory_repository: MemoryRepository) -> None:
    service = BookingService(memory_repository, draw=lambda: "B77-777")
    await _ask(service, "first")
    with pytest.raises(ReferenceTaken):
        await _ask(service, "second")


async def test_a_cancel_wish_cancels_and_keeps_the_words(
    service: BookingService, clock: Clock
) -> None:
    booking = await _ask(service)
    clock.now += timedelta(days=1)
    cancelled = await service.note_wish(booking.reference, "cancel", "cant make it, sorry")
    assert (cancelled.status, cancelled.updated_at) == (Status.CANCELLED, clock.now)
    event = (await service.events(booking.reference))[-1]
    assert (event.actor, event.change, event.at) == ("patient", "cancel", clock.now)
    assert event.detail == {"text": "cant make it, sorry"}


async def test_a_change_wish_leaves_the_status_to_the_staff(service: BookingService) -> None:
    booking = await _ask(service)
    changed = await service.note_wish(booking.reference, "change", "thursday instead", "front desk")
    assert changed.status is Status.REQUESTED
    assert (await service.events(booking.reference))[-1].actor == "front desk"


async def test_a_wish_repeated_by_a_retried_turn_is_recorded_once(service: BookingService) -> None:
    booking = await _ask(service)
    for _ in range(2):
        await service.note_wish(booking.reference, "change", "thursday instead")
    await service.note_wish(booking.reference, "change", "friday, really")
    changes = [event.detail for event in await service.events(booking.reference)]
    assert changes == [{}, {"text": "thursday instead"}, {"text": "friday, really"}]


async def test_listing_can_be_limited_to_a_status(service: BookingService) -> None:
    first, second = await _ask(service, "first"), await _ask(service, "second")
    await service.note_wish(first.reference, "cancel", "")
    assert list(await service.list(Status.REQUESTED)) == [second]
    assert len(await service.list()) == 2


async def test_an_unknown_reference_is_an_error_that_does_not_repeat_it(
    service: BookingService,
) -> None:
    with pytest.raises(BookingNotFound) as caught:
        await service.get("my private words")
    assert caught.value.status == 404
    assert "private" not in f"{caught.value} {caught.value.extra}"
    with pytest.raises(BookingNotFound):
        await service.note_wish("B00-000", "cancel", "")


@pytest.mark.parametrize("typed", ["b7k-3qd", "B7K3QD", " b7k 3qd ", "b7k–3qd", "#B7K-3QD."])
def test_a_reference_is_read_however_it_was_typed(typed: str) -> None:
    assert tidy_reference(typed) == "B7K-3QD"


def test_references_have_no_letters_that_look_alike() -> None:
    drawn = [draw_reference() for _ in range(300)]
    assert all(re.fullmatch(r"B[0-9A-Z]{2}-[0-9A-Z]{3}", reference) for reference in drawn)
    free = set("".join(reference[1:] for reference in drawn))
    assert not free & set("0O1IL2Z5S8BUVAEY")
    assert len(set(drawn)) > 290
