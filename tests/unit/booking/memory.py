"""A booking repository in memory, for tests; it passes the same contract as the real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.booking.model import Booking, BookingEvent, ReferenceTaken, Status


class MemoryRepository:
    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._bookings: dict[str, Booking] = {}
        self._events: dict[str, list[BookingEvent]] = {}

    async def add(self, booking: Booking, idempotency_key: str, first: BookingEvent) -> Booking:
        if idempotency_key in self._keys:
            return self._bookings[self._keys[idempotency_key]]
        if booking.reference in self._bookings:
            raise ReferenceTaken("The reference is taken.")
        self._keys[idempotency_key] = booking.reference
        self._bookings[booking.reference] = booking
        self._events[booking.reference] = [first]
        return booking

    async def get(self, reference: str) -> Booking | None:
        return self._bookings.get(reference)

    async def list(self, status: Status | None = None) -> Sequence[Booking]:
        newest_first = tuple(reversed(self._bookings.values()))
        return [kept for kept in newest_first if status in {None, kept.status}]

    async def of_conversation(self, conversation_id: str) -> Sequence[Booking]:
        return [kept for kept in await self.list() if kept.conversation_id == conversation_id]

    async def record(
        self, reference: str, event: BookingEvent, status: Status | None = None
    ) -> Booking | None:
        kept = self._bookings.get(reference)
        if kept is None:
            return None
        kept = replace(kept, updated_at=event.at, status=status or kept.status)
        self._bookings[reference] = kept
        self._events[reference].append(event)
        return kept

    async def events(self, reference: str) -> Sequence[BookingEvent]:
        return tuple(self._events.get(reference, ()))


@pytest.fixture
def memory_repository() -> MemoryRepository:
    return MemoryRepository()
