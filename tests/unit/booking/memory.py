"""A booking repository in memory, for tests; it passes the same contract as the real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.booking.model import Booking, BookingChanged, BookingEvent, ReferenceTaken, Status
from bot.booking.ports import Page, Search, Try
from bot.outbox.model import Outgoing

CHANGING = ("status", "updated_at", "version", "starts_at", "minutes")


class MemoryRepository:
    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._bookings: dict[str, Booking] = {}
        self._events: dict[str, list[BookingEvent]] = {}
        self.letters: dict[str, Outgoing] = {}

    async def add(
        self,
        booking: Booking,
        idempotency_key: str,
        first: BookingEvent,
        letters: Sequence[Outgoing] = (),
    ) -> Booking:
        if idempotency_key in self._keys:
            return self._bookings[self._keys[idempotency_key]]
        if booking.reference in self._bookings:
            raise ReferenceTaken("The reference is taken.")
        self._keys[idempotency_key] = booking.reference
        self._bookings[booking.reference] = booking
        self._events[booking.reference] = [first]
        for letter in letters:
            self.letters.setdefault(letter.idempotency_key, letter)
        return booking

    async def get(self, reference: str) -> Booking | None:
        return self._bookings.get(reference)

    async def list(self, status: Status | None = None) -> Sequence[Booking]:
        newest_first = tuple(reversed(self._bookings.values()))
        return [kept for kept in newest_first if status in {None, kept.status}]

    async def search(self, wanted: Search) -> Page:
        fitting = [booking for booking in await self.list() if _fits(booking, wanted)]
        rest = fitting
        if wanted.after is not None:
            references = [booking.reference for booking in await self.list()]
            known = wanted.after in references
            later = references[references.index(wanted.after) + 1 :] if known else []
            rest = [booking for booking in fitting if booking.reference in later]
        return Page(tuple(rest[: wanted.limit]), len(fitting), len(rest) > wanted.limit)

    async def of_conversation(self, conversation_id: str) -> Sequence[Booking]:
        return [kept for kept in await self.list() if kept.conversation_id == conversation_id]

    async def overdue(self, now: datetime, zone: ZoneInfo) -> Sequence[Booking]:
        return [kept for kept in self._bookings.values() if _is_overdue(kept, now, zone)]

    async def visits(self, after: datetime, until: datetime) -> Sequence[Booking]:
        return [
            kept
            for kept in self._bookings.values()
            if kept.status is Status.CONFIRMED
            and kept.starts_at
            and after < kept.starts_at <= until
        ]

    async def attach(self, booking: Booking, letter: Outgoing, at: datetime) -> bool:
        kept = self._bookings.get(booking.reference)
        is_same = kept is not None and kept.version == booking.version
        if not is_same or letter.idempotency_key in self.letters:
            return False
        self.letters[letter.idempotency_key] = letter
        return True

    async def record(
        self, booking: Booking, event: BookingEvent, letters: Sequence[Outgoing] = ()
    ) -> Booking | None:
        kept = self._bookings.get(booking.reference)
        if kept is None:
            return None
        if kept.version != booking.version - 1:
            raise BookingChanged("Somebody else changed this request.")
        kept = replace(kept, **{name: getattr(booking, name) for name in CHANGING})
        self._bookings[kept.reference] = kept
        self._events[kept.reference].append(event)
        if event.change != "change":
            waiting = [key for key in self.letters if key.startswith(f"reminder/{kept.reference}/")]
            for key in waiting:
                del self.letters[key]
        for letter in letters:
            self.letters.setdefault(letter.idempotency_key, letter)
        return kept

    async def events(self, reference: str) -> Sequence[BookingEvent]:
        return tuple(self._events.get(reference, ()))


def _fits(booking: Booking, wanted: Search) -> bool:
    start = booking.starts_at
    if wanted.statuses is not None and booking.status not in wanted.statuses:
        return False
    if wanted.start_from is not None and (start is None or start < wanted.start_from):
        return False
    return wanted.start_before is None or (start is not None and start < wanted.start_before)


def _is_overdue(booking: Booking, now: datetime, zone: ZoneInfo) -> bool:
    if booking.status in {Status.RECEIVED, Status.SEEN}:
        return booking.last_day is not None and booking.last_day < now.astimezone(zone).date()
    is_proposed = booking.status is Status.PROPOSED and booking.starts_at is not None
    return is_proposed and booking.starts_at is not None and booking.starts_at <= now


class MemoryTries:
    def __init__(self) -> None:
        self._tries: list[tuple[Try, datetime]] = []

    async def add(self, tried: Try, at: datetime, forget: datetime) -> None:
        self._tries = [(t, when) for t, when in self._tries if when >= forget]
        self._tries.append((tried, at))

    async def counts_since(self, tried: Try, since: datetime) -> tuple[int, int, int]:
        recent = [other for other, at in self._tries if at >= since]
        one, two, three = (
            sum(getattr(other, name) == value for other in recent) if value else 0
            for name, value in vars(tried).items()
        )
        return one, two, three


@pytest.fixture
def memory_repository() -> MemoryRepository:
    return MemoryRepository()


@pytest.fixture
def memory_tries() -> MemoryTries:
    return MemoryTries()
