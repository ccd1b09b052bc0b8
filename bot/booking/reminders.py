"""Reminds patients of confirmed visits by text message, one day before, where they agreed to texts.

The letter waits in the outbox for whoever sends text messages. It is withdrawn there, in the same
transaction, when the visit moves or is called off.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.booking.model import Booking
from bot.booking.ports import BookingRepository
from bot.outbox.model import Outgoing

BEFORE = timedelta(days=1)
# Longer than the outbox goes on trying: no reminder comes after the visit.
LATEST = timedelta(hours=4)
# Hours of the clinic's day at which a message wakes nobody.
DAYTIME = range(8, 20)


class Reminders:
    """Keeps reminders as they fall due."""

    def __init__(
        self, repository: BookingRepository, remind: Callable[[Booking], Outgoing], zone: str
    ) -> None:
        """Makes the keeper.

        Args:
            repository: Where bookings are kept.
            remind: The letter that reminds of a visit.
            zone: The clinic's.
        """
        self._repository = repository
        self._remind = remind
        self._zone = ZoneInfo(zone)

    async def keep(self, now: datetime) -> int:
        """Keeps what is due, each once.

        Args:
            now: Aware.

        Returns:
            How many reminders are new.
        """
        if now.astimezone(self._zone).hour not in DAYTIME:
            return 0
        visits = await self._repository.visits(now + LATEST, now + BEFORE)
        kept = [
            await self._repository.attach(visit, self._remind(visit), now)
            for visit in visits
            if _is_wanted(visit)
        ]
        return sum(kept)


def _is_wanted(visit: Booking) -> bool:
    """Whether the patient agreed to texts, and was not told of the visit only just now."""
    is_agreed = visit.contact_consent == "text" and visit.phone is not None
    return (
        is_agreed and visit.starts_at is not None and visit.updated_at <= visit.starts_at - BEFORE
    )
