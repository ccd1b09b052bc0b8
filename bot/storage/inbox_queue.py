"""Messages of providers as a queue: taken in one transaction, answered one at a time each.

The database decides who answers what. Only the oldest unanswered message of a conversation can be
claimed, and while it is claimed none after it can be: turns of a conversation keep their order and
never run side by side, however many processes there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.consents import ConsentChange, keep_consent
from bot.storage.database import Database
from bot.storage.inbox import InboxRow, take_message, to_row
from bot.storage.tables import inbox
from bot.storage.types import utc_now


@dataclass(frozen=True)
class Arrival:
    """A message as it came in.

    Attributes:
        channel: sms or messenger.
        conversation_id: Whose.
        message_id: The provider's own id of it.
        text: As the patient wrote it; may be empty.
        detail: What came with the words; see ``InboxRow``.
        is_answered: False for one that is kept without a turn.
        consent: What it changes of the patient's consent, and by which word.
    """

    channel: str
    conversation_id: str
    message_id: str
    text: str
    detail: Mapping[str, Any] | None = None
    is_answered: bool = True
    consent: tuple[ConsentChange, str] | None = None


class InboxQueue:
    """The inbox table, as the channels of providers use it."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def take(self, arrivals: Sequence[Arrival]) -> list[InboxRow]:
        """Keeps messages; when this returns, all of them are committed.

        Returns:
            Their rows, in order; ``is_new`` is False for those that had been taken before.
        """
        now = self._clock()
        async with self._database.begin() as connection:
            return [await _take(connection, arrival, now) for arrival in arrivals]

    async def claim(self, conversation_id: str, lease: timedelta) -> InboxRow | None:
        """The oldest unanswered message of a conversation, for one worker.

        Args:
            conversation_id: Whose.
            lease: For so long nobody else gets it.

        Returns:
            None when there is none, or somebody works on it.
        """
        now = self._clock()
        mine = (inbox.c.conversation_id == conversation_id) & (inbox.c.status == "received")
        oldest = select(inbox).where(mine).order_by(inbox.c.id).limit(1)
        async with self._database.begin() as connection:
            # In SQLite whoever may write is alone; in PostgreSQL the row is locked.
            row = (await connection.execute(oldest.with_for_update())).first()
            if row is None or row.status != "received":
                return None
            found = to_row(row)
            if found.claimed_until is not None and found.claimed_until > now:
                return None
            values: dict[str, Any] = {"claimed_until": now + lease, "attempts": found.attempts + 1}
            await connection.execute(update(inbox).where(inbox.c.id == found.id).values(**values))
        return replace(found, **values)

    async def waiting(self, channels: Collection[str]) -> list[str]:
        """The conversations with a message that nobody works on, in the order of arrival."""
        is_free = or_(inbox.c.claimed_until.is_(None), inbox.c.claimed_until <= self._clock())
        unanswered = (inbox.c.status == "received") & inbox.c.channel.in_(list(channels))
        first = func.min(inbox.c.id)
        wanted = (
            select(inbox.c.conversation_id, first)
            .where(unanswered & is_free)
            .group_by(inbox.c.conversation_id)
            .order_by(first)
        )
        async with self._database.read() as connection:
            return [row.conversation_id for row in await connection.execute(wanted)]

    async def release(self, channels: Collection[str]) -> int:
        """Ends every claim; for the start of a process that is the only one.

        Returns:
            How many messages somebody had died with.
        """
        held = (
            (inbox.c.status == "received")
            & inbox.c.channel.in_(list(channels))
            & inbox.c.claimed_until.is_not(None)
        )
        async with self._database.begin() as connection:
            result = await connection.execute(update(inbox).where(held).values(claimed_until=None))
            return int(result.rowcount)

    async def last_received(self, conversation_id: str) -> datetime | None:
        """When the patient last wrote; None when never."""
        wanted = select(func.max(inbox.c.received_at)).where(
            inbox.c.conversation_id == conversation_id
        )
        async with self._database.read() as connection:
            latest: datetime | None = (await connection.execute(wanted)).scalar()
            return latest

    async def latest_reply(self, conversation_id: str) -> InboxRow | None:
        """The last message of a conversation that was answered in words."""
        # NULL, where nothing was said yet, differs from nothing and counts as neither.
        answered = (inbox.c.conversation_id == conversation_id) & (inbox.c.reply != [])
        wanted = select(inbox).where(answered).order_by(inbox.c.id.desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).first()
            return to_row(row) if row else None


async def _take(connection: AsyncConnection, arrival: Arrival, now: datetime) -> InboxRow:
    row = await take_message(
        connection,
        arrival.channel,
        arrival.conversation_id,
        arrival.message_id,
        arrival.text,
        now=now,
        detail=arrival.detail,
    )
    if not row.is_new:
        return row
    if arrival.consent is not None:
        change, source = arrival.consent
        await keep_consent(connection, arrival.conversation_id, change, source, now)
    if not arrival.is_answered:
        done = {"status": "done", "reply": [], "finished_at": now}
        await connection.execute(update(inbox).where(inbox.c.id == row.id).values(**done))
        return replace(row, status="done", reply=[], finished_at=now)
    return row
