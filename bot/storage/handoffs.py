"""Talks with people of the clinic in the database: the handoff room's port over SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.handoff.model import OPEN, Handoff, State
from bot.handoff.ports import Deed, Tell
from bot.outbox.model import Outgoing
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.handoff_tables import handoffs
from bot.storage.link_tables import conversation_links
from bot.storage.outbox import keep_letter
from bot.storage.tables import inbox
from bot.storage.types import utc_now
from bot.storage.upsert import insert_if_new

ROWS = handoffs.c
LINKS = conversation_links.c
OPEN_STATES = sorted(state.value for state in OPEN)
IS_OPEN = ROWS.state.in_(OPEN_STATES)
IS_TAKEN = ROWS.state == State.TAKEN.value


class HandoffRepository:
    """Keeps handoffs; see ``bot.handoff.ports.HandoffRepository`` for what each method gives."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, handoff_id: int) -> Handoff | None:
        found = await self._many(ROWS.id == handoff_id)
        return found[0] if found else None

    async def of_conversation(self, conversation_id: str) -> Handoff | None:
        found = await self._many((ROWS.conversation_id == conversation_id) & IS_OPEN)
        return found[0] if found else None

    async def open_ones(self) -> tuple[Handoff, ...]:
        return await self._many(IS_OPEN)

    async def is_taken(self, conversation_id: str) -> bool:
        wanted = select(ROWS.id).where((ROWS.conversation_id == conversation_id) & IS_TAKEN)
        async with self._database.read() as connection:
            return (await connection.execute(wanted.limit(1))).first() is not None

    async def gone_along(self, sms_id: str) -> Handoff | None:
        mine = (LINKS.sms_id == sms_id) & (LINKS.conversation_id == ROWS.conversation_id)
        own = handoffs.alias()
        has_own = exists().where((own.c.conversation_id == sms_id) & own.c.state.in_(OPEN_STATES))
        wanted = select(handoffs).where(mine & IS_OPEN & (ROWS.opened_at <= LINKS.linked_at))
        async with self._database.read() as connection:
            rows = await connection.execute(wanted.where(~has_own).order_by(LINKS.id.desc()))
            found = rows.first()
        return _to_handoff(found) if found else None

    async def add(self, handoff: Handoff, tell: Tell, deed: Deed | None = None) -> Handoff | None:
        values = {name: value for name, value in _row(handoff).items() if name != "id"}
        async with self._database.begin() as connection:
            new_id = await insert_if_new(connection, handoffs, values)
            if new_id is None:
                return None
            kept = replace(handoff, id=new_id)
            await _tell(connection, tell(kept), kept, deed, handoff.opened_at)
            return kept

    async def change(self, after: Handoff, tell: Tell, deed: Deed | None = None) -> Handoff | None:
        before = (ROWS.id == after.id) & (ROWS.version == after.version - 1)
        try:
            async with self._database.begin() as connection:
                change = update(handoffs).where(before).values(**_row(after))
                if not (await connection.execute(change)).rowcount:
                    return None
                await _tell(connection, tell(after), after, deed)
        except IntegrityError:
            # The conversation has got another one that is open meanwhile.
            return None
        return after

    async def write(self, held: Handoff, letter: Outgoing, at: datetime, deed: Deed) -> bool:
        is_held = (ROWS.id == held.id) & IS_TAKEN & (ROWS.taken_by == held.taken_by)
        # It may have gone on in another conversation meanwhile; the letter is addressed to this.
        is_held &= ROWS.conversation_id == held.conversation_id
        async with self._database.begin() as connection:
            changed = update(handoffs).where(is_held).values(wrote_at=at)
            if not (await connection.execute(changed)).rowcount:
                return False
            if await keep_letter(connection, letter, at):
                await keep_entry(connection, _entry(held, deed), at)
            return True

    async def overdue(self, now: datetime) -> tuple[Handoff, ...]:
        return await self._many((ROWS.state == State.WAITING.value) & (ROWS.due_at <= now))

    async def idle(self, since: datetime) -> tuple[Handoff, ...]:
        is_quiet = or_(ROWS.wrote_at.is_(None), ROWS.wrote_at <= since)
        return await self._many(IS_TAKEN & (ROWS.taken_at <= since) & is_quiet)

    async def heard(self, conversation_ids: Collection[str]) -> dict[str, datetime]:
        mine = inbox.c.conversation_id.in_(sorted(conversation_ids))
        latest = func.max(inbox.c.received_at)
        wanted = select(inbox.c.conversation_id, latest).where(mine)
        async with self._database.read() as connection:
            rows = await connection.execute(wanted.group_by(inbox.c.conversation_id))
            return {row[0]: row[1] for row in rows}

    async def _many(self, condition: Any) -> tuple[Handoff, ...]:
        wanted = select(handoffs).where(condition).order_by(ROWS.id)
        async with self._database.read() as connection:
            return tuple(_to_handoff(row) for row in await connection.execute(wanted))


async def _tell(
    connection: AsyncConnection,
    letters: Iterable[Outgoing],
    handoff: Handoff,
    deed: Deed | None,
    at: datetime | None = None,
) -> None:
    moment = at or utc_now()
    for letter in letters:
        await keep_letter(connection, letter, moment)
    if deed is not None:
        await keep_entry(connection, _entry(handoff, deed), moment)


def _entry(handoff: Handoff, deed: Deed) -> Entry:
    return Entry(deed.actor, deed.action, str(handoff.id), {"channel": handoff.channel})


def _row(handoff: Handoff) -> dict[str, Any]:
    return {**asdict(handoff), "state": handoff.state.value}


def _to_handoff(row: Row) -> Handoff:
    return Handoff(**{**row._mapping, "state": State(row.state)})
