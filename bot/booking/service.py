"""Takes and changes appointment requests. A person at the clinic confirms them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timezone

from bot.booking.model import (
    Booking,
    BookingEvent,
    BookingNotFound,
    BookingRequest,
    ReferenceTaken,
    Status,
    Wish,
)
from bot.booking.ports import BookingRepository

# Codes are read aloud and typed back: no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V, and no vowels, so that
# none of them spells a word. The leading B names what they are for.
ALPHABET = "34679CDFGHJKMNPQRTWX"
REFERENCE_DRAWS = 8


def draw_reference() -> str:
    """A new code such as "B7K-3QD": B, then five characters no one mistakes for another."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return f"B{drawn[:2]}-{drawn[2:]}"


def tidy_reference(typed: str) -> str:
    """The code as it is kept, from what somebody typed: "b7k 3qd" gives "B7K-3QD"."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return f"{letters[:3]}-{letters[3:]}"


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class BookingService:
    """The booking desk."""

    def __init__(
        self,
        repository: BookingRepository,
        clock: Callable[[], datetime] = _utc_now,
        draw: Callable[[], str] = draw_reference,
    ) -> None:
        """Makes the desk.

        Args:
            repository: Where bookings are kept.
            clock: The present moment; aware.
            draw: A new reference each time.
        """
        self._repository = repository
        self._clock = clock
        self._draw = draw

    async def request(
        self, request: BookingRequest, idempotency_key: str, conversation_id: str, channel: str
    ) -> Booking:
        """Keeps a request; when this returns, it is committed.

        Args:
            request: What the patient asked for.
            idempotency_key: Names this wish within the conversation. The same key again, even at
                the same moment, gives the same booking and never a second one.
            conversation_id: Where it was asked.
            channel: web, sms or messenger.

        Raises:
            ReferenceTaken: when no free reference was drawn; in practice never.
        """
        # Scoped, so that no key from one conversation can show another patient's booking.
        key = f"{conversation_id}/{idempotency_key}"
        for _ in range(REFERENCE_DRAWS - 1):
            with suppress(ReferenceTaken):
                return await self._add(request, key, conversation_id, channel)
        return await self._add(request, key, conversation_id, channel)

    async def _add(
        self, request: BookingRequest, key: str, conversation_id: str, channel: str
    ) -> Booking:
        booking = self._new(request, conversation_id, channel)
        first = BookingEvent(booking.created_at, "patient", "requested", {})
        return await self._repository.add(booking, key, first)

    def _new(self, request: BookingRequest, conversation_id: str, channel: str) -> Booking:
        now = self._clock()
        return Booking(
            **asdict(request),
            reference=self._draw(),
            conversation_id=conversation_id,
            channel=channel,
            status=Status.REQUESTED,
            created_at=now,
            updated_at=now,
        )

    async def list(self, status: Status | None = None) -> Sequence[Booking]:
        """Bookings, newest first; only those of one status when it is given."""
        return await self._repository.list(status)

    async def get(self, reference: str) -> Booking:
        """The booking with this reference, however it was typed.

        Raises:
            BookingNotFound: when there is none.
        """
        return _found(await self._repository.get(tidy_reference(reference)))

    async def of_conversation(self, conversation_id: str) -> Sequence[Booking]:
        """The bookings asked for in one conversation, newest first."""
        return await self._repository.of_conversation(conversation_id)

    async def note_wish(
        self, reference: str, kind: Wish, text: str, actor: str = "patient"
    ) -> Booking:
        """Records that the patient wants to move or cancel a booking.

        Only the caller knows who is asking: take the reference from ``of_conversation``, or from
        a signed-in member of staff, never from a patient's text alone.

        Saying the same again at once, as a retried turn does, records nothing new.

        Args:
            reference: Which booking.
            kind: "cancel" also sets the status; "change" leaves it, and staff see the wish.
            text: The patient's own words.
            actor: Who says so.

        Raises:
            BookingNotFound: when there is none.
        """
        booking = await self.get(reference)
        event = BookingEvent(self._clock(), actor, kind, {"text": text})
        earlier = await self._repository.events(booking.reference)
        if earlier and _same(event, earlier[-1]):
            return booking
        status = Status.CANCELLED if kind == "cancel" else None
        return _found(await self._repository.record(booking.reference, event, status))

    async def events(self, reference: str) -> Sequence[BookingEvent]:
        """What happened to a booking, oldest first; empty when there is no such booking."""
        return await self._repository.events(tidy_reference(reference))


def _same(one: BookingEvent, other: BookingEvent) -> bool:
    return (one.actor, one.change, one.detail) == (other.actor, other.change, other.detail)


def _found(booking: Booking | None) -> Booking:
    if booking is None:
        raise BookingNotFound(
            "There is no booking with this reference.",
            remedy="List the bookings with `bot booking list`.",
        )
    return booking
