"""What the server does for the clinic without being asked: sends, closes what is over, purges."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.booking.told import REMINDED_BY
from bot.outbox import PostOffice
from bot.periodic import every
from bot.review.desk import copier_of
from bot.services import Services
from bot.settings import ROOT
from bot.storage.review_sorting import ThumbSorter
from bot.storage.types import utc_now

# Staff see a message this long after its reply.
COPY_SECONDS = 1.0
# A wished day ends once a day; an hour late is early enough.
EXPIRE_SECONDS = 3600.0
# How often it is looked whether the day's purge is due.
PURGE_SECONDS = 3600.0
REMIND_SECONDS = 300.0


def upkeep(parts: Services, post: PostOffice) -> list[Callable[[], Awaitable[None]]]:
    """The tasks of one server; each runs until it is cancelled.

    Args:
        parts: The domain services.
        post: Sends what is kept for patients and staff.
    """

    async def expire() -> None:
        await parts.bookings.expire(utc_now())

    async def remind() -> None:
        await parts.reminders.keep(utc_now())

    sample = parts.settings.review_sample
    copier = copier_of(parts.database, parts.profile, ROOT / "domain.yml", sample)
    tasks: list[Callable[[], Awaitable[None]]] = [
        partial(every, COPY_SECONDS, copier.run_once),
        partial(every, COPY_SECONDS, ThumbSorter(parts.database).run_once),
        *post.tasks(),
        partial(every, EXPIRE_SECONDS, expire),
        partial(every, PURGE_SECONDS, parts.privacy.purge_daily),
    ]
    # A reminder that nobody can send would only come too late.
    if REMINDED_BY in post.channels:
        tasks.append(partial(every, REMIND_SECONDS, remind))
    return tasks
