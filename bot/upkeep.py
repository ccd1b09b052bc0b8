"""What the server does for the clinic without being asked: sends letters, closes what is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.outbox import PostOffice
from bot.periodic import every
from bot.services import Services
from bot.storage.types import utc_now

# A wished day ends once a day; an hour late is early enough.
EXPIRE_SECONDS = 3600.0


def upkeep(parts: Services, post: PostOffice) -> list[Callable[[], Awaitable[None]]]:
    """The tasks of one server; each runs until it is cancelled.

    Args:
        parts: The domain services.
        post: Sends what is kept for patients and staff.
    """

    async def expire() -> None:
        await parts.bookings.expire(utc_now())

    return [*post.tasks(), partial(every, EXPIRE_SECONDS, expire)]
