"""What the server does for the clinic without being asked: sends letters, closes what is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from bot.outbox import Dispatcher, Letter, Sender
from bot.periodic import every
from bot.review.desk import copier_of
from bot.services import Services
from bot.settings import ROOT
from bot.storage.types import utc_now

SEND_SECONDS = 2.0
# Staff see a message this long after its reply.
COPY_SECONDS = 1.0
# A wished day ends once a day; an hour late is early enough.
EXPIRE_SECONDS = 3600.0


def upkeep(parts: Services, senders: Iterable[Sender]) -> list[Callable[[], Awaitable[None]]]:
    """The tasks of one server; each runs until it is cancelled.

    Args:
        parts: The domain services.
        senders: One for each channel that can send.
    """
    dispatcher = Dispatcher(parts.outbox, senders, utc_now, partial(_alert, parts))

    async def expire() -> None:
        await parts.bookings.expire(utc_now())

    copier = copier_of(parts.database, parts.profile, ROOT / "domain.yml")
    return [
        partial(every, COPY_SECONDS, copier.run_once),
        partial(every, SEND_SECONDS, dispatcher.run_once),
        partial(every, EXPIRE_SECONDS, expire),
    ]


async def _alert(parts: Services, letter: Letter) -> None:
    """Staff hear of a letter that never arrives: they have to call."""
    await parts.alerts.add("outbox", "undelivered", letter.kind, letter.conversation_id)
