"""Links between conversations in the database: the continuing room's port over SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.continuing.model import Carried, Event, Link, PhoneCode, Proof
from bot.outbox.model import Outgoing
from bot.storage.database import Database
from bot.storage.link_tables import conversation_links, phone_codes
from bot.storage.outbox import keep_letter, was_written_to
from bot.storage.phone_codes import PhoneCodes
from bot.storage.tables import tracker_events


class LinkRepository:
    """See ``bot.continuing.ports.ContinueStore`` for what each method gives."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._codes = PhoneCodes(database)

    async def keep_code(self, code: PhoneCode, letter: Outgoing, decoy: str) -> None:
        await self._codes.keep(code, letter, decoy)

    async def spend_try(self, conversation_id: str, now: datetime) -> PhoneCode:
        return await self._codes.spend_try(conversation_id, now)

    async def forget_codes(self, now: datetime) -> int:
        return await self._codes.forget(now)

    async def to_texts(self, sms_id: str, since: datetime) -> tuple[Link, ...]:
        links = conversation_links.c
        wanted = (
            select(links.conversation_id, links.sms_id, links.linked_at)
            .where((links.sms_id == sms_id) & (links.linked_at > since))
            .order_by(links.id)
        )
        async with self._database.read() as connection:
            return tuple(Link(**row._mapping) for row in await connection.execute(wanted))

    async def beside(self, conversation_id: str) -> tuple[str, ...]:
        """The conversations that one goes on in, or from, the newest link first."""
        links = conversation_links.c
        mine = (links.conversation_id == conversation_id) | (links.sms_id == conversation_id)
        wanted = select(links.conversation_id, links.sms_id).where(mine).order_by(links.id.desc())
        async with self._database.read() as connection:
            rows = await connection.execute(wanted)
            return tuple(name for row in rows for name in row if name != conversation_id)

    async def is_new(self, sms_id: str) -> bool:
        async with self._database.read() as connection:
            return not await was_written_to(connection, sms_id)

    async def link(
        self, code: PhoneCode, link: Link, carried: Carried, letters: Sequence[Outgoing]
    ) -> Proof:
        used = phone_codes.c.id == code.id
        open_one = used & phone_codes.c.used_at.is_(None) & phone_codes.c.phone.is_not(None)
        in_time = phone_codes.c.expires_at > link.linked_at
        use = update(phone_codes).where(open_one & in_time)
        async with self._database.begin() as connection:
            # First, and waited for: of two requests with one code, one goes on.
            result = await connection.execute(use.values(used_at=link.linked_at, phone=None))
            if not result.rowcount:
                found = await connection.execute(select(phone_codes.c.used_at).where(used))
                return Proof.OVER if found.scalar() is None else Proof.BEFORE
            await _keep_link(connection, link)
            await _add_events(connection, link.sms_id, carried.arriving)
            await _add_events(connection, link.conversation_id, carried.leaving)
            for letter in letters:
                await keep_letter(connection, letter, link.linked_at)
        return Proof.LINKED


async def _keep_link(connection: AsyncConnection, link: Link) -> None:
    links = conversation_links.c
    same = (links.conversation_id == link.conversation_id) & (links.sms_id == link.sms_id)
    await connection.execute(delete(conversation_links).where(same))
    values = {
        "conversation_id": link.conversation_id,
        "sms_id": link.sms_id,
        "linked_at": link.linked_at,
    }
    await connection.execute(insert(conversation_links).values(**values))


async def _add_events(
    connection: AsyncConnection, conversation_id: str, events: Iterable[Event]
) -> None:
    rows = [_row(conversation_id, event) for event in events]
    if rows:
        await connection.execute(insert(tracker_events), rows)


def _row(conversation_id: str, event: Event) -> dict[str, Any]:
    return {
        "sender_id": conversation_id,
        "type_name": event["event"],
        "timestamp": event["timestamp"],
        "data": json.dumps(event, ensure_ascii=False),
    }
