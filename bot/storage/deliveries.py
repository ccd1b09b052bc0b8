"""What providers report of messages that they took: delivered, or not."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.tables import deliveries
from bot.storage.types import utc_now
from bot.storage.upsert import insert_if_new

# What providers say of a message that arrived nowhere, after they had taken it.
LOST = frozenset({"failed", "undelivered", "canceled"})


@dataclass(frozen=True)
class Delivery:
    """One report.

    Attributes:
        id: Grows in the order of coming in.
        provider_id: What the provider calls the message.
        status: In the provider's words, such as ``delivered``.
        error: The provider's code, or None.
        at: When it came in; aware.
    """

    id: int
    provider_id: str
    status: str
    error: str | None
    at: datetime


class DeliveryRepository:
    """The deliveries table."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def add(self, provider_id: str, status: str, error: str | None) -> bool:
        """Keeps a report; when this returns, it is committed.

        Returns:
            Whether it is new: providers repeat themselves.
        """
        values = {"provider_id": provider_id, "status": status, "error": error, "at": self._clock()}
        async with self._database.begin() as connection:
            return await insert_if_new(connection, deliveries, values) is not None

    async def lost(self, provider_ids: Collection[str]) -> frozenset[str]:
        """Those of some messages that arrived nowhere."""
        mine = deliveries.c.provider_id.in_(sorted(provider_ids))
        wanted = select(deliveries.c.provider_id).where(mine & deliveries.c.status.in_(LOST))
        async with self._database.read() as connection:
            return frozenset((await connection.execute(wanted)).scalars())

    async def of_message(self, provider_id: str) -> list[Delivery]:
        """The reports on one message, as they came in."""
        wanted = select(deliveries).where(deliveries.c.provider_id == provider_id)
        async with self._database.read() as connection:
            rows = await connection.execute(wanted.order_by(deliveries.c.id))
            return [Delivery(**row._mapping) for row in rows]
