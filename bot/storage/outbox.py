"""Letters in the database: the outbox's port over SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox.model import REPLY, WARNING, Letter, Outgoing, State
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.storage.types import utc_now
from bot.storage.upsert import insert_if_new

WITHDRAWN = "withdrawn"
WAITING = (State.PENDING.value, State.FAILED.value)


async def keep_letter(connection: AsyncConnection, letter: Outgoing, at: datetime) -> bool:
    """Keeps a letter in the caller's transaction, unless its key is known; due at once.

    Args:
        connection: In a transaction that also writes what the letter tells.
        letter: To be sent.
        at: The present moment; aware.

    Returns:
        Whether it is new.
    """
    values = {
        **asdict(letter),
        "detail": dict(letter.detail),
        "state": State.PENDING.value,
        "attempts": 0,
        "created_at": at,
        "next_at": at,
    }
    return await insert_if_new(connection, outbox, values) is not None


async def withdraw_letters(connection: AsyncConnection, start: str) -> None:
    """Sees to it that waiting letters are not sent, in the caller's transaction.

    Args:
        connection: In a transaction that also writes why.
        start: Of their keys.
    """
    waiting = outbox.c.state.in_(WAITING) & outbox.c.idempotency_key.startswith(
        start, autoescape=True
    )
    values = {"state": State.DEAD.value, "fault": WITHDRAWN}
    await connection.execute(update(outbox).where(waiting).values(**values))


async def was_written_to(connection: AsyncConnection, conversation_id: str) -> bool:
    """Whether a conversation got a letter that answers something."""
    mine = (outbox.c.conversation_id == conversation_id) & outbox.c.kind.in_((REPLY, WARNING))
    found = await connection.execute(select(outbox.c.id).where(mine).limit(1))
    return found.first() is not None


class OutboxRepository:
    """Keeps letters; see ``bot.outbox.ports.OutboxRepository`` for what each method gives."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self,
        channels: Collection[str],
        now: datetime,
        lease: timedelta,
        limit: int,
        ordered: Collection[str] = (),
    ) -> tuple[Letter, ...]:
        due = outbox.c.state.in_(WAITING) & (outbox.c.next_at <= now)
        mine = outbox.c.channel.in_(list(channels))
        if ordered:
            mine = mine & _is_next(list(ordered))
        wanted = select(outbox).where(due & mine).order_by(outbox.c.id).limit(limit)

        async def claim(connection: AsyncConnection) -> list[Row]:
            # Another process's rows are passed over; SQLite has one writer and needs no lock.
            rows = list(await connection.execute(wanted.with_for_update(skip_locked=True)))
            taken = outbox.c.id.in_([row.id for row in rows])
            values = {
                "attempts": outbox.c.attempts + 1,
                "open_attempts": outbox.c.open_attempts + 1,
                "next_at": now + lease,
            }
            if rows:
                await connection.execute(update(outbox).where(taken).values(**values))
            return rows

        rows = await self._database.write(claim)
        return tuple(
            _to_letter(row, attempts=row.attempts + 1, next_at=now + lease) for row in rows
        )

    async def settle(
        self,
        letter_id: int,
        state: State,
        at: datetime,
        fault: str | None = None,
        *,
        provider_id: str | None = None,
        is_known: bool = True,
    ) -> None:
        moment = {State.SENT: "sent_at", State.FAILED: "next_at"}.get(state)
        values: dict[str, Any] = {"state": state.value, "fault": fault}
        if moment is not None:
            values[moment] = at
        if provider_id is not None:
            values["provider_id"] = provider_id
        if is_known:
            values["open_attempts"] = outbox.c.open_attempts - 1
        change = update(outbox).where(outbox.c.id == letter_id).values(**values)

        async def settle(connection: AsyncConnection) -> None:
            await connection.execute(change)

        await self._database.write(settle)

    async def release(self, channels: Collection[str], now: datetime) -> int:
        held = (
            outbox.c.state.in_(WAITING)
            & outbox.c.channel.in_(list(channels))
            & (outbox.c.open_attempts > 0)
            & (outbox.c.next_at > now)
        )
        async with self._database.begin() as connection:
            result = await connection.execute(update(outbox).where(held).values(next_at=now))
            return int(result.rowcount)

    async def of_provider(self, provider_id: str) -> Letter | None:
        """The letter that a provider knows by this name; None when there is none."""
        async with self._database.read() as connection:
            wanted = select(outbox).where(outbox.c.provider_id == provider_id).limit(1)
            row = (await connection.execute(wanted)).first()
            return _to_letter(row) if row else None

    async def add(self, letter: Outgoing) -> None:
        """Keeps a letter that tells nothing else that is kept; due at once."""
        async with self._database.begin() as connection:
            await keep_letter(connection, letter, utc_now())

    async def latest(self, conversation_id: str, channel: str, limit: int) -> tuple[Letter, ...]:
        """The newest letters of a conversation on a channel, newest first."""
        mine = (outbox.c.conversation_id == conversation_id) & (outbox.c.channel == channel)
        wanted = select(outbox).where(mine).order_by(outbox.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return tuple(_to_letter(row) for row in await connection.execute(wanted))

    async def of_conversation(self, conversation_id: str) -> tuple[Letter, ...]:
        mine = outbox.c.conversation_id == conversation_id
        async with self._database.read() as connection:
            rows = await connection.execute(select(outbox).where(mine).order_by(outbox.c.id))
            return tuple(_to_letter(row) for row in rows)


def _is_next(ordered: list[str]) -> Any:
    """Of ordered channels only what no earlier letter of its conversation still waits before."""
    earlier = outbox.alias("earlier")
    is_before = (
        (earlier.c.conversation_id == outbox.c.conversation_id)
        & (earlier.c.channel == outbox.c.channel)
        & (earlier.c.id < outbox.c.id)
        & earlier.c.state.in_(WAITING)
    )
    waits = exists(select(earlier.c.id).where(is_before)).correlate(outbox)
    return outbox.c.channel.not_in(ordered) | (outbox.c.kind == WARNING) | ~waits


def _to_letter(row: Row, **changes: Any) -> Letter:
    values = {**row._mapping, **changes}
    return Letter(**{**values, "state": State(values["state"])})
