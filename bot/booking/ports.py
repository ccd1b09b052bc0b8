"""What the booking room needs from whatever keeps the bookings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.booking.model import Booking, BookingEvent, Status
from bot.outbox.model import Outgoing


@dataclass(frozen=True)
class Search:
    """Which bookings are looked for; None: no such limit.

    Attributes:
        statuses: Where they stand.
        start_from: The earliest proposed or agreed start; aware.
        start_before: Before which the start is; aware.
        after: The reference of the last one of the page before.
        limit: At most so many.
    """

    statuses: frozenset[Status] | None = None
    start_from: datetime | None = None
    start_before: datetime | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class Page:
    """What a search found.

    Attributes:
        bookings: Newest first.
        total: How many there are on all pages.
        more: Whether there are others after these.
    """

    bookings: Sequence[Booking]
    total: int
    more: bool


class BookingRepository(Protocol):
    """Keeps bookings. Everything it returns is committed."""

    async def add(
        self,
        booking: Booking,
        idempotency_key: str,
        first: BookingEvent,
        letters: Sequence[Outgoing] = (),
    ) -> Booking:
        """Keeps a new booking, its first event, and the letters that tell it: all or nothing.

        Returns:
            The booking kept under this key: the given one, or the earlier one when the key is
            known, also when both come at the same moment. No letter is kept of a known one.

        Raises:
            ReferenceTaken: when another booking has this reference.
        """

    async def get(self, reference: str) -> Booking | None:
        """The booking with this reference, or None."""

    async def list(self, status: Status | None = None) -> Sequence[Booking]:
        """Bookings, newest first; only those of one status when it is given."""

    async def search(self, wanted: Search) -> Page:
        """A page of bookings, newest first.

        What comes or changes meanwhile neither repeats nor hides one of a later page, as long as it
        still fits. After an unknown reference there is nothing.
        """

    async def of_conversation(self, conversation_id: str) -> Sequence[Booking]:
        """The bookings asked for in one conversation, newest first."""

    async def overdue(self, now: datetime, zone: ZoneInfo) -> Sequence[Booking]:
        """Bookings nobody answered in time, oldest first.

        Received and seen ones are overdue when their last wished day has ended in the zone,
        proposed ones when the proposed time has come.
        """

    async def visits(self, after: datetime, until: datetime) -> Sequence[Booking]:
        """Confirmed visits that start after one moment and not after another, in any order."""

    async def attach(self, booking: Booking, letter: Outgoing, at: datetime) -> bool:
        """Keeps a letter about a booking, unless the booking has changed since it was read.

        Args:
            booking: As it was read.
            letter: A letter whose key is known is not kept again.
            at: The present moment; aware.

        Returns:
            Whether the letter is kept and was not before.
        """

    async def record(
        self, booking: Booking, event: BookingEvent, letters: Sequence[Outgoing] = ()
    ) -> Booking | None:
        """Keeps a changed booking, what happened, and the letters that tell it: all or nothing.

        Whatever is more than a wish withdraws the reminders of it that still wait.

        Args:
            booking: As it is to be; its version is one more than that of the kept one.
            event: What happened.
            letters: For the patient; a letter whose key is known is not kept again.

        Returns:
            The booking as it is now, or None when there is none with this reference.

        Raises:
            BookingChanged: when the kept version is another one; nothing is kept then.
        """

    async def events(self, reference: str) -> Sequence[BookingEvent]:
        """What happened to a booking, oldest first; empty when there is no such booking."""


@dataclass(frozen=True)
class Try:
    """Who tried to reach a booking, and which.

    Attributes:
        conversation_id: Where it was asked.
        reference_hash: The keyed hash of the reference that was typed.
        client_hash: The same of the asker's network address; empty where nobody knows it.
    """

    conversation_id: str
    reference_hash: str
    client_hash: str = ""


class TryLog(Protocol):
    """Remembers wrong tries to reach a booking for as long as they count."""

    async def add(self, tried: Try, at: datetime, forget: datetime) -> None:
        """Notes one and forgets those before a moment; when this returns, it is committed."""

    async def counts_since(self, tried: Try, since: datetime) -> tuple[int, int, int]:
        """How many from then on: in the conversation, for the reference, by the client."""


class BookingFormat(Protocol):
    """Writes bookings down for another program; a file of its own in ``bot/booking/formats``.

    It only writes: it needs neither network nor database and changes nothing. It leaves out the
    conversation and the idempotency key, which let nobody else find anything.
    """

    media_type: str

    def takes(self, booking: Booking) -> bool:
        """Whether a booking can be written in this format as it stands."""

    def write(self, bookings: Sequence[Booking]) -> str:
        """The whole document; the same bookings give the same text.

        Args:
            bookings: All of them are taken; there may be none.
        """

    def write_one(self, booking: Booking) -> str:
        """The document of one booking that is taken."""
