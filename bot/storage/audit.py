"""The audit trail: who changed or uncovered what. Entries are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.staff_tables import audit
from bot.storage.types import utc_now


@dataclass(frozen=True)
class Entry:
    """One thing somebody did.

    Attributes:
        actor: Who; a user's name, or ``shell`` for a command on the server.
        action: What, such as ``sign_in``.
        subject: To whom or what it was done; empty when to nothing else.
        detail: More about it; never a patient's words, nor a secret.
    """

    actor: str
    action: str
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptEntry(Entry):
    """An entry with its number and its moment."""

    id: int = field(kw_only=True)
    at: datetime = field(kw_only=True)


async def keep_entry(connection: AsyncConnection, entry: Entry, at: datetime | None = None) -> None:
    """Keeps an entry in the transaction that does what it tells."""
    values = {**asdict(entry), "detail": dict(entry.detail), "at": at or utc_now()}
    await connection.execute(insert(audit).values(**values))


class AuditLog:
    """The audit table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, entry: Entry) -> None:
        """Keeps an entry; when this returns, it is committed."""
        async with self._database.begin() as connection:
            await keep_entry(connection, entry)

    async def page(
        self, limit: int, before: int | None = None, action: str | None = None
    ) -> list[KeptEntry]:
        """Entries, newest first.

        Args:
            limit: How many at most.
            before: Only those with a smaller number.
            action: Only those of one kind.
        """
        wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(audit.c.id < before)
        if action is not None:
            wanted = wanted.where(audit.c.action == action)
        async with self._database.read() as connection:
            return [KeptEntry(**row._mapping) for row in await connection.execute(wanted)]

    async def actions(self) -> list[str]:
        """Every kind of action that was ever taken, in order."""
        wanted = select(audit.c.action).distinct().order_by(audit.c.action)
        async with self._database.read() as connection:
            return [row.action for row in await connection.execute(wanted)]
