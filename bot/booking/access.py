"""How a patient reaches a request from elsewhere: by its reference and its phone number."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.booking.model import Booking
from bot.booking.ports import BookingRepository, TryLog
from bot.booking.references import tidy_reference
from bot.errors import BotError

MAX_TRIES = 5
WINDOW = timedelta(hours=1)


class NoMatch(BotError):
    """No request has this reference and this phone; which of the two is wrong is not told."""

    code = "no_match"
    status = 404


class TooManyTries(BotError):
    """The conversation has been wrong too often; the right answer is refused as well."""

    code = "too_many_tries"
    status = 429


class BookingAccess:
    """The one door to a request of another conversation."""

    def __init__(
        self, repository: BookingRepository, tries: TryLog, clock: Callable[[], datetime]
    ) -> None:
        """Makes the door.

        Args:
            repository: Where bookings are kept.
            tries: Counts what went wrong.
            clock: The present moment; aware.
        """
        self._repository = repository
        self._tries = tries
        self._clock = clock

    async def find(self, reference: str, phone: str, conversation_id: str) -> Booking:
        """The request with this reference that was made with this phone number.

        A request made with an email alone is never found this way.

        Args:
            reference: However it was typed.
            phone: E.164.
            conversation_id: Who asks; wrong tries are counted for it.

        Raises:
            NoMatch: when either is wrong.
            TooManyTries: after ``MAX_TRIES`` wrong ones within ``WINDOW``.
        """
        now = self._clock()
        if await self._tries.count_since(conversation_id, now - WINDOW) >= MAX_TRIES:
            raise TooManyTries("Too many wrong references or phone numbers.")
        booking = await self._repository.get(tidy_reference(reference))
        kept = booking.phone if booking else None
        if booking and kept and hmac.compare_digest(kept.encode(), phone.encode()):
            return booking
        await self._tries.add(conversation_id, now)
        raise NoMatch("No request has this reference and this phone number.")
