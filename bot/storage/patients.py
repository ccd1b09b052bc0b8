"""Exports and erases what the tables hold on one patient: the privacy room's port over SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy.identity import FORMS, PatientId
from bot.privacy.model import Erasure, Export, Kept, LogEntry, UnknownPatient, VisitAhead
from bot.privacy.retention import Retention
from bot.storage import privacy_log
from bot.storage.database import Database
from bot.storage.expired import count_expired, delete_expired
from bot.storage.handoff_tables import IS_OPEN, handoffs
from bot.storage.holdings import HOLDINGS, Holding, NotPersonal, personal
from bot.storage.scope import Scope, find_scope
from bot.storage.settled import settle
from bot.storage.tables import alerts

# The places after the tables at which an erasure waits for others.
WAITED = frozenset({1, 2})
UNSEEN = "Alerts that nobody had seen were erased with the rest: {count}."
TALKING = "A wish for a person, or a talk with one, was erased with the rest."
UNANSWERED = "Requests that nobody had answered were erased with the rest: {count}."
TO_COME = (
    "Confirmed visits to come were erased: {references}. The patient is not told; take them out "
    "of the clinic's own calendar."
)


class PatientRepository:
    """See ``bot.privacy.ports.PatientStore`` for what each method gives."""

    def __init__(
        self, database: Database, holdings: tuple[Holding | NotPersonal, ...] = HOLDINGS
    ) -> None:
        """Makes the repository.

        Args:
            database: Where the tables are.
            holdings: What is in them.
        """
        self._database = database
        self._holdings = personal(holdings)

    async def export(self, who: PatientId, by: str, at: datetime) -> Export:
        # Without the write lock: patients go on writing meanwhile.
        async with self._database.read() as connection:
            scope = await find_scope(connection, who)
            await self._require_something(connection, scope)
            alone = scope.without_shared()
            found = {
                holding.table.name: await _rows(connection, holding, alone)
                for holding in self._holdings
            }
        export = Export({name: rows for name, rows in found.items() if rows}, scope.notes)
        await self.log(LogEntry(at, by, "export", export.counts))
        return export

    async def erase(self, who: PatientId, by: str, at: datetime, *, force: bool) -> Erasure:
        async with self._database.begin() as connection:
            scope = await find_scope(connection, who)
            await self._require_something(connection, scope)
            _refuse_visits(scope, at, force)
            notes = [*scope.notes, *await _told(connection, scope, at)]
            counts = await self._delete(connection, scope)
            kept = await self._kept(connection, scope)
            await privacy_log.keep_entry(connection, LogEntry(at, by, "erase", counts))
        return Erasure(counts, kept, tuple(notes))

    async def purge(self, retention: Retention, now: datetime) -> Mapping[str, int]:
        return await delete_expired(self._database, self._holdings, retention, now)

    async def overdue(self, retention: Retention, now: datetime) -> Mapping[str, int]:
        return await count_expired(self._database, self._holdings, retention, now)

    async def settle(self) -> bool:
        return await settle(self._database, [holding.table for holding in self._holdings])

    async def log(self, entry: LogEntry) -> None:
        async with self._database.begin() as connection:
            await privacy_log.keep_entry(connection, entry)

    async def latest(self, action: str) -> LogEntry | None:
        async with self._database.read() as connection:
            return await privacy_log.latest(connection, action)

    async def _require_something(self, connection: AsyncConnection, scope: Scope) -> None:
        for holding in self._holdings:
            if await _count(connection, holding, scope):
                return
        raise UnknownPatient("Nothing is kept under this ID.", remedy=FORMS)

    async def _delete(self, connection: AsyncConnection, scope: Scope) -> dict[str, int]:
        counts: dict[str, int] = {}
        for number, holding in enumerate(self._erasable()):
            if number in WAITED:
                # The deletion before waited for running turns, or for a proof: see what they left.
                scope = await find_scope(connection, scope.who)
            result = await connection.execute(
                delete(holding.table).where(holding.belongs(holding.table, scope))
            )
            if result.rowcount:
                counts[holding.table.name] = result.rowcount
        return counts

    def _erasable(self) -> list[Holding]:
        return [holding for holding in self._holdings if not holding.kept]

    async def _kept(self, connection: AsyncConnection, scope: Scope) -> tuple[Kept, ...]:
        counted = [
            Kept(holding.table.name, await _count(connection, holding, scope), holding.kept)
            for holding in self._holdings
            if holding.kept
        ]
        return tuple(kept for kept in counted if kept.count)


def _refuse_visits(scope: Scope, now: datetime, force: bool) -> None:
    visits = scope.visits(now)
    if visits and not force:
        named = ", ".join(f"{v.reference} at {v.starts_at:%Y-%m-%d %H:%M} UTC" for v in visits)
        raise VisitAhead(
            f"A confirmed visit is still to come: {named}. Nothing is erased.",
            remedy="Cancel it first with `bot booking cancel`, so that the patient is told; or "
            "repeat the command with --force.",
        )


async def _told(connection: AsyncConnection, scope: Scope, now: datetime) -> list[str]:
    """What goes with the rest although somebody may still have needed it."""
    mine = alerts.c.conversation_id.in_(scope.conversations) & alerts.c.seen_at.is_(None)
    unseen = (await connection.execute(select(func.count()).where(mine))).scalar()
    talks = handoffs.c.conversation_id.in_(scope.conversations)
    open_talks = select(func.count()).select_from(handoffs).where(talks, IS_OPEN)
    visits = scope.visits(now)
    references = ", ".join(visit.reference for visit in visits)
    notes = [TO_COME.format(references=references)] if visits else []
    if scope.unanswered:
        notes.append(UNANSWERED.format(count=scope.unanswered))
    if (await connection.execute(open_talks)).scalar():
        notes.append(TALKING)
    return [*notes, UNSEEN.format(count=unseen)] if unseen else notes


async def _count(connection: AsyncConnection, holding: Holding, scope: Scope) -> int:
    wanted = select(func.count()).select_from(holding.table)
    found = await connection.execute(wanted.where(holding.belongs(holding.table, scope)))
    return int(found.scalar() or 0)


async def _rows(
    connection: AsyncConnection, holding: Holding, scope: Scope
) -> list[dict[str, Any]]:
    wanted = select(holding.table).where(holding.belongs(holding.table, scope))
    ordered = wanted.order_by(*holding.table.primary_key)
    return [_shown(row, holding) for row in await connection.execute(ordered)]


def _shown(row: Row, holding: Holding) -> dict[str, Any]:
    values = {n: v for n, v in row._mapping.items() if n not in holding.hidden}
    return {name: _value(name, value, holding) for name, value in values.items()}


def _value(name: str, value: Any, holding: Holding) -> Any:
    if value is not None and name in holding.shown:
        return holding.shown[name](value)
    return value.isoformat() if isinstance(value, date) else value
