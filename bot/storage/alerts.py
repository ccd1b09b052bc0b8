"""Alerts that staff must see: raised by a red flag or a fault, closed by a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.tables import alerts
from bot.storage.types import utc_now


@dataclass(frozen=True)
class Alert:
    """One alert.

    Attributes:
        id: Grows in the order of raising.
        kind: What raised it, such as "red_flag".
        level: How grave: "emergency", "urgent", "crisis" or a level of that kind.
        sign: Which sign, by its id in the safety tables; never patient text.
        conversation_id: In which conversation.
        at: Aware.
        seen_at: Aware; None while no person has seen it.
    """

    id: int
    kind: str
    level: str
    sign: str
    conversation_id: str
    at: datetime
    seen_at: datetime | None


class AlertRepository:
    """The alerts table."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def add(self, kind: str, level: str, sign: str, conversation_id: str) -> Alert:
        """Raises an alert; when this returns, it is committed."""
        values: dict[str, Any] = {
            "kind": kind,
            "level": level,
            "sign": sign,
            "conversation_id": conversation_id,
            "at": self._clock(),
        }
        async with self._database.begin() as connection:
            result = await connection.execute(insert(alerts).values(**values))
            (alert_id,) = result.inserted_primary_key
        return Alert(id=alert_id, seen_at=None, **values)

    async def open_alerts(self) -> list[Alert]:
        """The alerts no person has seen yet, oldest first."""
        unseen = select(alerts).where(alerts.c.seen_at.is_(None)).order_by(alerts.c.id)
        async with self._database.read() as connection:
            return [Alert(**row._mapping) for row in await connection.execute(unseen)]

    async def get(self, alert_id: int) -> Alert | None:
        """One alert, open or closed; None when there is none with this number."""
        wanted = select(alerts).where(alerts.c.id == alert_id)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return Alert(**row._mapping) if row else None

    async def mark_seen(self, alert_id: int, entry: Entry | None = None) -> bool:
        """Closes an alert.

        Args:
            alert_id: Which.
            entry: Who closes it, for the audit trail; kept only when it was open.

        Returns:
            Whether it was open; False when it is unknown or was seen before.
        """
        is_open = (alerts.c.id == alert_id) & alerts.c.seen_at.is_(None)
        async with self._database.begin() as connection:
            result = await connection.execute(
                update(alerts).where(is_open).values(seen_at=self._clock())
            )
            if entry is not None and result.rowcount:
                await keep_entry(connection, entry)
            return bool(result.rowcount)
