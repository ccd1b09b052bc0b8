"""What the booking service needs from whatever keeps the bookings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.booking.model import Booking, BookingEvent, Status


class BookingRepository(Protocol):
    """Keeps bookings. Everything it returns is committed."""

    async def add(self, booking: Booking, idempotency_key: str, first: BookingEvent) -> Booking:
        """Keeps a new booking and its first event.

        Returns:
            The booking kept under this key: the given one, or the earlier one when the key is
            known, also when both come at the same moment.

        Raises:
            ReferenceTaken: when another booking has this reference.
        """

    async def get(self, reference: str) -> Booking | None:
        """The booking with this reference, or None."""

    async def list(self, status: Status | None = None) -> Sequence[Booking]:
        """Bookings, newest first; only those of one status when it is given."""

    async def of_conversation(self, conversation_id: str) -> Sequence[Booking]:
        """The bookings asked for in one conversation, newest first."""

    async def record(
        self, reference: str, event: BookingEvent, status: Status | None = None
    ) -> Booking | None:
        """Adds an event, and sets the status when it is given, in one transaction.

        Returns:
            The booking as it is now, or None when there is none with this reference.
        """

    async def events(self, reference: str) -> Sequence[BookingEvent]:
        """What happened to a booking, oldest first; empty when there is no such booking."""
