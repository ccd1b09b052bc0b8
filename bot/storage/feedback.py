"""Thumbs that patients give answers: one a message, the last one counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.storage.database import Database
from bot.storage.learning_tables import feedback
from bot.storage.tables import inbox
from bot.storage.types import utc_now
from bot.storage.upsert import insert_if_new


@dataclass(frozen=True)
class Thumb:
    """What a patient said of an answer.

    Attributes:
        inbox_id: Of the message that was answered.
        thumb: up or down.
        reason: One of the fixed reasons; empty when none was given.
        remark: Redacted; may be empty.
        at: Aware.
    """

    inbox_id: int
    thumb: str
    reason: str
    remark: str
    at: datetime


class FeedbackRepository:
    """The feedback table."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def answered(self, conversation_id: str, message_id: str) -> int | None:
        """The number of a message of this conversation that has its answer; None without one."""
        mine = (inbox.c.conversation_id == conversation_id) & (inbox.c.message_id == message_id)
        wanted = select(inbox.c.id).where(mine & (inbox.c.status == "done"))
        async with self._database.read() as connection:
            return (await connection.execute(wanted)).scalar()  # type: ignore[no-any-return]

    async def give(
        self, conversation_id: str, inbox_id: int, thumb: str, reason: str, remark: str
    ) -> bool:
        """Keeps a thumb in place of the one before; the same again changes nothing.

        Args:
            conversation_id: Whose message.
            inbox_id: Which message.
            thumb: up or down.
            reason: One of the fixed reasons; may be empty.
            remark: Redacted; may be empty.

        Returns:
            Whether it was kept; False when the message was erased meanwhile.
        """
        said = {"thumb": thumb, "reason": reason, "remark": remark}
        new = {"at": self._clock(), "is_sorted": False}
        row: dict[str, Any] = {"inbox_id": inbox_id, "conversation_id": conversation_id}
        source = (inbox.c.id == inbox_id) & (inbox.c.conversation_id == conversation_id)
        other = [feedback.c[name] != value for name, value in said.items()]
        async with self._database.begin() as connection:
            if (await connection.execute(select(inbox.c.id).where(source))).scalar() is None:
                return False
            if await insert_if_new(connection, feedback, {**row, **said, **new}) is None:
                changed = (feedback.c.inbox_id == inbox_id) & (other[0] | other[1] | other[2])
                await connection.execute(update(feedback).where(changed).values(**said, **new))
        return True

    async def of_message(self, inbox_id: int) -> Thumb | None:
        """The thumb a message's answer got; None without one."""
        wanted = select(*_COLUMNS).where(feedback.c.inbox_id == inbox_id)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return Thumb(**row._mapping) if row else None

    async def of_conversation(self, conversation_id: str) -> dict[int, str]:
        """``up`` or ``down`` by the number of the message."""
        mine = feedback.c.conversation_id == conversation_id
        wanted = select(feedback.c.inbox_id, feedback.c.thumb).where(mine)
        async with self._database.read() as connection:
            return {row.inbox_id: row.thumb for row in await connection.execute(wanted)}


_COLUMNS = tuple(feedback.c[name] for name in ("inbox_id", "thumb", "reason", "remark", "at"))
