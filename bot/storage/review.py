"""Redacted copies in the database: written by the copier, read by ``bot.storage.turns``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.review.model import ReviewTurn
from bot.review.pick import pick
from bot.storage.database import Database
from bot.storage.inbox import InboxRow
from bot.storage.review_sorting import keep_pick
from bot.storage.review_tables import review_turns
from bot.storage.tables import inbox
from bot.storage.types import utc_now

COPIES = review_turns.c
# What another process is still committing may have a lower number than what is there already.
SETTLED = timedelta(minutes=2)


# Pages of the index that are merged in one step, while every other writer waits.
MERGED_PAGES = 64


class ReviewRepository:
    """Finds what is not copied yet, and keeps copies."""

    def __init__(self, database: Database, sample: float = 0.0) -> None:
        """Makes the repository.

        Args:
            database: Where the tables are.
            sample: The share of messages drawn for review, beside those that have a reason.
        """
        self._database = database
        self._sample = sample
        # Everything up to this number is copied or was erased: it need not be looked at again.
        self._done = 0

    async def pending(self, limit: int) -> list[InboxRow]:
        """Messages that have been answered and are not copied, oldest first."""
        copied = exists().where(COPIES.inbox_id == inbox.c.id)
        ended = (inbox.c.id > self._done) & (inbox.c.status != "received")
        wanted = select(inbox).where(ended & ~copied).order_by(inbox.c.id).limit(limit)
        async with self._database.read() as connection:
            settled = await self._settled(connection)
            rows = [InboxRow(**row._mapping) for row in await connection.execute(wanted)]
        if not rows:
            self._done = max(self._done, settled)
        return rows

    async def _settled(self, connection: AsyncConnection) -> int:
        """Up to which number nothing can change any more."""
        is_new = (inbox.c.id > self._done) & (inbox.c.received_at > utc_now() - SETTLED)
        is_open = (inbox.c.id > self._done) & (inbox.c.status == "received")
        first = (
            await connection.execute(select(func.min(inbox.c.id)).where(is_new | is_open))
        ).scalar()
        if first is not None:
            return int(first) - 1
        return int((await connection.execute(select(func.max(inbox.c.id)))).scalar() or 0)

    async def history(self, conversation_id: str, limit: int) -> list[InboxRow]:
        """The last messages of a conversation with their replies, oldest first."""
        mine = inbox.c.conversation_id == conversation_id
        wanted = select(inbox).where(mine).order_by(inbox.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return [InboxRow(**row._mapping) for row in reversed(rows)]

    async def keep(self, turns: Sequence[ReviewTurn]) -> None:
        """Keeps copies; one that is there already gets the new words and stays read or unread."""
        async with self._database.begin() as connection:
            for turn in turns:
                if await _keep(connection, turn) and (picked := pick(turn, self._sample)):
                    await keep_pick(connection, turn, picked)


async def forget_words(database: Database) -> None:
    """Takes the words of erased copies out of SQLite's index, which only marked them as gone.

    The index is merged in small steps, between which others write. PostgreSQL's needs nothing but
    its own ``VACUUM``.
    """
    if not database.is_sqlite:
        return
    # A negative number begins a merge of the whole index, positive ones go on with it.
    pages, is_merging = -MERGED_PAGES, True
    while is_merging:
        async with database.begin() as connection:
            is_merging = await _merge(connection, pages)
        pages = MERGED_PAGES


async def _merge(connection: AsyncConnection, pages: int) -> bool:
    """Whether there was anything left to merge."""
    total = text("SELECT total_changes()")
    before = (await connection.execute(total)).scalar_one()
    step = "INSERT INTO review_words(review_words, rank) VALUES('merge', :pages)"
    await connection.execute(text(step), {"pages": pages})
    # A step with nothing to do counts as one change.
    return bool((await connection.execute(total)).scalar_one() - before > 1)


async def _keep(connection: AsyncConnection, turn: ReviewTurn) -> bool:
    """Whether the copy is a new one."""
    words = {"text": turn.text, "reply": list(turn.reply)}
    same = COPIES.inbox_id == turn.inbox_id
    changed = await connection.execute(update(review_turns).where(same).values(**words))
    if changed.rowcount:
        return False
    # The original may have been erased while its copy was made: then there is none to keep.
    source = exists().where(inbox.c.id == turn.inbox_id)
    if not (await connection.execute(select(source))).scalar():
        return False
    mine = COPIES.conversation_id == turn.conversation_id
    newer = exists().where(mine & (COPIES.inbox_id > turn.inbox_id))
    is_latest = not (await connection.execute(select(newer))).scalar()
    if is_latest:
        earlier = mine & COPIES.is_latest
        await connection.execute(update(review_turns).where(earlier).values(is_latest=False))
    values: dict[str, Any] = {**asdict(turn), **words, "is_latest": is_latest}
    await connection.execute(insert(review_turns).values(**values))
    return True
