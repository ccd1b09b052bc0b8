"""What the server does for the clinic without being asked: sends, closes what is over, purges."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.booking.told import REMINDED_BY
from bot.figures.keeper import DayKeeper
from bot.outbox import PostOffice
from bot.periodic import every
from bot.review.desk import copier_of
from bot.services import Services
from bot.settings import ROOT
from bot.storage.links import LinkRepository
from bot.storage.review_sorting import ThumbSorter
from bot.storage.sealer import Sealer
from bot.storage.types import utc_now

# Staff see a message this long after its reply.
COPY_SECONDS = 1.0
# A wished day ends once a day; an hour late is early enough.
EXPIRE_SECONDS = 3600.0
# How often it is looked whether the day's purge is due.
PURGE_SECONDS = 3600.0
REMIND_SECONDS = 300.0
# Who waits for a person too long is told so this much later at most.
HANDOFF_SECONDS = 15.0
# Figures of today are as old as this at most, those of an earlier day ninety times that.
FIGURE_SECONDS = 30.0
# How soon a code that is over is out of the tables.
FORGET_SECONDS = 60.0
SEAL_SECONDS = 86_400.0


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
    days = DayKeeper(parts.database, parts.profile.timezone, utc_now)
    tasks: list[Callable[[], Awaitable[None]]] = [
        partial(every, COPY_SECONDS, copier.run_once),
        partial(every, COPY_SECONDS, ThumbSorter(parts.database).run_once),
        *post.tasks(),
        partial(every, HANDOFF_SECONDS, parts.handoffs.sweep),
        partial(every, EXPIRE_SECONDS, expire),
        partial(every, FIGURE_SECONDS, days.run_once),
        partial(every, PURGE_SECONDS, parts.privacy.purge_daily),
    ]
    # What was written before there was a key, or under an older one; looked for at every start.
    tasks.append(partial(every, SEAL_SECONDS, Sealer(parts.database).run))
    # Also without text messages: what is left from when they were on is over all the same.
    codes = LinkRepository(parts.database)

    async def forget() -> None:
        await codes.forget_codes(utc_now())

    tasks.append(partial(every, FORGET_SECONDS, forget))
    # A reminder that nobody can send would only come too late.
    if REMINDED_BY in post.channels:
        tasks.append(partial(every, REMIND_SECONDS, remind))
    return tasks
