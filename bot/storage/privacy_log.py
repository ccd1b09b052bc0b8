"""That something was exported, erased or purged: kept as a count."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy.model import LogEntry
from bot.storage.tables import privacy_log
from bot.storage.types import storable


async def keep_entry(connection: AsyncConnection, entry: LogEntry) -> None:
    """Keeps an entry in the caller's transaction."""
    values: dict[str, Any] = {
        "at": entry.at,
        "actor": storable(entry.actor)[: privacy_log.c.actor.type.length],
        "action": entry.action,
        "counts": dict(entry.counts),
    }
    await connection.execute(insert(privacy_log).values(**values))


async def latest(connection: AsyncConnection, action: str) -> LogEntry | None:
    """The newest entry of an action, or None."""
    mine = privacy_log.c.action == action
    wanted = select(privacy_log).where(mine).order_by(privacy_log.c.id.desc()).limit(1)
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else LogEntry(row.at, row.actor, row.action, row.counts)
