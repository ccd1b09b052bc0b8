"""Which requests a conversation may ask after: its own, and those of a chat it goes on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.booking import Booking, BookingService
from bot.continuing.model import Link
from bot.continuing.ports import LinkStore


class Reach:
    """From text messages to the web chats they go on with; never the other way."""

    def __init__(
        self,
        bookings: BookingService,
        links: LinkStore,
        lifetime: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        """Makes the pair of eyes.

        Args:
            bookings: The booking desk.
            links: Know what is linked.
            lifetime: A proof counts for so long, since numbers get new owners.
            clock: The present moment; aware.
        """
        self._bookings = bookings
        self._links = links
        self._lifetime = lifetime
        self._clock = clock

    async def requests(self, conversation_id: str) -> Sequence[Booking]:
        """The requests that a conversation reaches without their key, newest first."""
        found = list(await self._bookings.of_conversation(conversation_id))
        for link in await self._links.to_texts(conversation_id, self._clock() - self._lifetime):
            theirs = await self._bookings.of_conversation(link.conversation_id)
            found += [booking for booking in theirs if _is_shared(booking, link)]
        return sorted(found, key=lambda booking: booking.created_at, reverse=True)


def _is_shared(booking: Booking, link: Link) -> bool:
    """Whoever uses the chat's browser after the proof may be somebody else."""
    return booking.created_at <= link.linked_at or booking.phone == link.phone
