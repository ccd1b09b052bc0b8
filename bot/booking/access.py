"""How a patient reaches a request from elsewhere: by its reference and its phone number."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.booking.model import Booking
from bot.booking.ports import BookingRepository, Try, TryLog
from bot.booking.references import tidy_reference
from bot.errors import BotError

# In one conversation, for one reference, and from one address, behind which a family may be.
MAX_TRIES = (5, 10, 20)
WINDOW = timedelta(hours=1)


class NoMatch(BotError):
    """No request has this reference and this phone; which of the two is wrong is not told."""

    code = "no_match"
    status = 404


class TooManyTries(BotError):
    """It was wrong too often; the right answer is refused as well."""

    code = "too_many_tries"
    status = 429


class BookingAccess:
    """The one door to a request of another conversation."""

    def __init__(
        self,
        repository: BookingRepository,
        tries: TryLog,
        clock: Callable[[], datetime],
        secret: str = "",
    ) -> None:
        """Makes the door.

        Args:
            repository: Where bookings are kept.
            tries: Counts what went wrong.
            clock: The present moment; aware.
            secret: Keys the hashes under which references and addresses are counted.
        """
        self._repository = repository
        self._tries = tries
        self._clock = clock
        self._secret = secret

    async def find(
        self, reference: str, phone: str, conversation_id: str, client: str = ""
    ) -> Booking:
        """The request with this reference that was made with this phone number.

        A request made with an email alone is never found this way.

        Args:
            reference: However it was typed.
            phone: E.164.
            conversation_id: Who asks; wrong tries are counted for it.
            client: The asker's network address, counted for as well; empty when unknown.

        Raises:
            NoMatch: when either is wrong.
            TooManyTries: after ``MAX_TRIES`` wrong ones within ``WINDOW``; conversations cost
                nothing, so that the reference and the address have limits of their own.
        """
        now, tidy = self._clock(), tidy_reference(reference)
        tried = Try(conversation_id, self._hashed(tidy), self._hashed(client))
        counts = await self._tries.counts_since(tried, now - WINDOW)
        if any(count >= limit for count, limit in zip(counts, MAX_TRIES, strict=True)):
            raise TooManyTries("Too many wrong references or phone numbers.")
        booking = await self._repository.get(tidy)
        kept = booking.phone if booking else None
        if booking and kept and hmac.compare_digest(kept.encode(), phone.encode()):
            return booking
        await self._tries.add(tried, now, now - WINDOW)
        raise NoMatch("No request has this reference and this phone number.")

    def _hashed(self, value: str) -> str:
        return (
            hmac.new(self._secret.encode(), value.encode(), "sha256").hexdigest() if value else ""
        )
