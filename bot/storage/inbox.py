"""Messages taken from patients, each committed before its sender hears that it was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox.model import Outgoing
from bot.storage.database import Database
from bot.storage.outbox import keep_letter
from bot.storage.tables import conversations, inbox
from bot.storage.types import storable, utc_now
from bot.storage.upsert import insert_if_new, insert_or_update

Status = Literal["received", "done", "failed"]


@dataclass(frozen=True)
class InboxRow:
    """One message and what became of it.

    Attributes:
        id: Grows in the order of taking.
        channel: web, sms or messenger.
        conversation_id: Whose conversation.
        message_id: The sender's own id of the message; unique in the conversation.
        text: As the patient wrote it.
        received_at: Aware.
        status: "received" until the turn has ended, then "done" or "failed".
        reply: The messages answered, in order; None before the turn is done.
        finished_at: Aware; None before the turn has ended.
        outcome: What kind of reply it got; None before the turn has ended.
        intent: The best topic; None when nothing was understood.
        confidence: That topic's probability.
        detail: What came with the words, such as ``files``; None when nothing did.
        claimed_until: Aware; until then a process works on it. None: nobody claimed it.
        attempts: How often it was claimed.
        is_new: False when the same message had been taken before.
    """

    id: int
    channel: str
    conversation_id: str
    message_id: str
    text: str
    received_at: datetime
    status: Status
    reply: list[dict[str, Any]] | None
    finished_at: datetime | None
    outcome: str | None = None
    intent: str | None = None
    confidence: float | None = None
    detail: dict[str, Any] | None = None
    claimed_until: datetime | None = None
    attempts: int = 0
    is_new: bool = False


@dataclass(frozen=True)
class Understood:
    """How a turn understood a message.

    Attributes:
        outcome: What kind of reply it got, as in the results of ``bot ask``.
        intent: The best topic; None when nothing was understood.
        confidence: That topic's probability.
    """

    outcome: str
    intent: str | None
    confidence: float


class InboxRepository:
    """The inbox table."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def take(
        self, channel: str, conversation_id: str, message_id: str, text: str
    ) -> InboxRow:
        """Keeps a message; when this returns, it is committed.

        The first message of a conversation also opens the conversation.

        Args:
            channel: Where it came in.
            conversation_id: Whose conversation.
            message_id: The sender's id of it; the same id again is the same message.
            text: As the patient wrote it.

        Returns:
            The new row (``is_new``), or the row of the earlier delivery with its status and reply.
        """
        now = self._clock()

        async def take(connection: AsyncConnection) -> InboxRow:
            return await take_message(
                connection, channel, conversation_id, message_id, text, now=now
            )

        return await self._database.write(take)

    async def finish(
        self,
        row_id: int,
        reply: list[dict[str, Any]],
        understood: Understood | None = None,
        letters: Sequence[Outgoing] = (),
    ) -> None:
        """Marks a message answered and keeps the answer, to be given again on a retry.

        Args:
            row_id: Which message.
            reply: The messages answered, in order.
            understood: How; for staff who review it.
            letters: The messages as they are to be sent, kept in the same transaction; whoever
                finishes the same message again changes nothing and keeps none.
        """
        now, how = self._clock(), asdict(understood) if understood else {}
        change = update(inbox).where((inbox.c.id == row_id) & (inbox.c.status == "received"))

        async def finish(connection: AsyncConnection) -> None:
            result = await connection.execute(
                change.values(finished_at=now, status="done", reply=reply, **how)
            )
            for letter in letters if result.rowcount else ():
                await keep_letter(connection, letter, now)

        await self._database.write(finish)

    async def fail(self, row_id: int) -> None:
        """Marks a message that could not be answered; it is not tried again after a restart."""
        await self._end(row_id, status="failed")

    async def get(self, row_id: int) -> InboxRow | None:
        """One message as it stands now; None when it was erased."""
        rows = await self._many(inbox.c.id == row_id)
        return rows[0] if rows else None

    async def history(self, conversation_id: str) -> list[InboxRow]:
        """The messages of one conversation with their replies, oldest first."""
        return await self._many(inbox.c.conversation_id == conversation_id)

    async def unfinished(self, channel: str) -> list[InboxRow]:
        """A channel's messages taken but not answered, oldest first; for a start after a crash."""
        return await self._many((inbox.c.status == "received") & (inbox.c.channel == channel))

    async def _end(self, row_id: int, **values: Any) -> None:
        change = update(inbox).where(inbox.c.id == row_id)
        async with self._database.begin() as connection:
            await connection.execute(change.values(finished_at=self._clock(), **values))

    async def _many(self, condition: Any) -> list[InboxRow]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(inbox).where(condition).order_by(inbox.c.id))
            return [to_row(row) for row in rows]


async def take_message(
    connection: AsyncConnection,
    channel: str,
    conversation_id: str,
    message_id: str,
    text: str,
    *,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> InboxRow:
    """Keeps a message in the caller's transaction; see ``InboxRepository.take``."""
    row: dict[str, Any] = {
        "channel": channel,
        "conversation_id": conversation_id,
        "message_id": message_id,
        "text": storable(text),
        "received_at": now,
        "status": "received",
        "detail": dict(detail) if detail else None,
    }
    new_id = await insert_if_new(connection, inbox, row)
    if new_id is None:
        return await _earlier(connection, conversation_id, message_id)
    await _see(connection, conversation_id, channel, now)
    return InboxRow(id=new_id, reply=None, finished_at=None, is_new=True, **row)


async def _see(
    connection: AsyncConnection, conversation_id: str, channel: str, now: datetime
) -> None:
    row = {"id": conversation_id, "channel": channel, "created_at": now, "last_seen_at": now}
    await insert_or_update(connection, conversations, row, "last_seen_at")


async def _earlier(connection: AsyncConnection, conversation_id: str, message_id: str) -> InboxRow:
    same = (inbox.c.conversation_id == conversation_id) & (inbox.c.message_id == message_id)
    rows = await connection.execute(select(inbox).where(same))
    return to_row(rows.one())


def to_row(row: Row) -> InboxRow:
    return InboxRow(**row._mapping)
