"""Who wants no messages from us: kept as what was said when, so that it can be shown later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.tables import consents
from bot.storage.types import utc_now

ConsentChange = Literal["stop", "start"]
MAX_SOURCE = 32


async def keep_consent(
    connection: AsyncConnection,
    conversation_id: str,
    change: ConsentChange,
    source: str,
    at: datetime,
) -> None:
    """Writes a change down in the caller's transaction.

    Args:
        connection: In a transaction.
        conversation_id: Whose; the channel and the address.
        change: ``stop`` or ``start``.
        source: The word that was sent, or the provider's error.
        at: Aware.
    """
    values = {
        "conversation_id": conversation_id,
        "change": change,
        "source": source[:MAX_SOURCE],
        "at": at,
    }
    await connection.execute(insert(consents).values(**values))


async def is_out(connection: AsyncConnection, conversation_id: str) -> bool:
    """Whether the patient wants no messages, as the caller's transaction sees it."""
    newest = (
        select(consents.c.change)
        .where(consents.c.conversation_id == conversation_id)
        .order_by(consents.c.id.desc())
        .limit(1)
    )
    return bool((await connection.execute(newest)).scalar() == "stop")


class ConsentRepository:
    """The consents table."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def is_out(self, conversation_id: str) -> bool:
        """Whether the patient wants no messages."""
        async with self._database.read() as connection:
            return await is_out(connection, conversation_id)

    async def stop(self, conversation_id: str, source: str) -> bool:
        """Notes that the patient wants no messages.

        Returns:
            Whether that is news.
        """
        if await self.is_out(conversation_id):
            return False
        async with self._database.begin() as connection:
            await keep_consent(connection, conversation_id, "stop", source, self._clock())
        return True
