"""Redacted conversations as the console lists and shows them, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal_column, select, text, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from bot.review.model import ReviewTurn
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.review_tables import review_turns
from bot.storage.tables import bookings, inbox

COPIES = review_turns.c
COLUMNS = tuple(COPIES[field.name] for field in fields(ReviewTurn))
# SQLite takes some thousand values in one statement.
AT_ONCE = 500
MAX_WORDS = 8
# By how many numbers two messages taken at the same moment may be out of order.
DISORDER = 1_000
# Among so many messages a common word fills a page.
NEAR = 20_000
LARGEST = 2**62
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class TurnFilter:
    """What a list is narrowed to; what is None does not narrow it.

    Attributes:
        words: All of them stand in the patient's message, the last one perhaps unfinished.
        channel: web, sms or messenger.
        outcome: What kind of reply it got.
        answer: The first topic answered.
        band: How sure the assistant was, an index of ``BANDS``.
        is_read: Whether it was marked as read.
        start: Aware; not before.
        end: Aware; before.
    """

    words: str | None = None
    channel: str | None = None
    outcome: str | None = None
    answer: str | None = None
    band: int | None = None
    is_read: bool | None = None
    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_of_messages(self) -> bool:
        """Whether it asks for messages; otherwise for conversations, by their newest message."""
        asked = (self.outcome, self.answer, self.band, self.words, self.is_read)
        return any(value is not None for value in asked)


@dataclass(frozen=True)
class TurnPage:
    """Some messages, newest first.

    Attributes:
        turns: Those on this page.
        older: What ``before`` is on the next page; None on the last one.
    """

    turns: tuple[ReviewTurn, ...]
    older: int | None


class TurnRepository:
    """Reads the copies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: TurnFilter, limit: int, before: int | None = None) -> TurnPage:
        """Messages that a filter lets through, newest first.

        Args:
            wanted: The filter.
            limit: How many at most.
            before: Only those with a smaller number.
        """
        is_searched = self._database.is_sqlite and bool(_words(wanted.words))
        # The index of words gives its own numbers in order; those of the table it would sort.
        number = literal_column("review_words.rowid") if is_searched else COPIES.inbox_id
        statement = select(*COLUMNS).order_by(number.desc()).limit(limit + 1)
        async with self._database.read() as connection:
            narrowed = await self._between(connection, self._narrowed(statement, wanted), wanted)
            if before is not None:
                narrowed = narrowed.where(number < before)
            if _words(wanted.words) and not is_searched:
                rows = await _found(connection, narrowed, limit, before)
            else:
                rows = (await connection.execute(narrowed)).all()
        turns = tuple(ReviewTurn(**row._mapping) for row in rows[:limit])
        return TurnPage(turns, turns[-1].inbox_id if len(rows) > limit else None)

    def _narrowed(self, statement: Select, wanted: TurnFilter) -> Select:
        equal = {
            "channel": wanted.channel,
            "outcome": wanted.outcome,
            "answer": wanted.answer,
            "band": wanted.band,
            "is_read": wanted.is_read,
        }
        for name, value in equal.items():
            if value is not None:
                statement = statement.where(COPIES[name] == value)
        if not wanted.is_of_messages:
            statement = statement.where(COPIES.is_latest.is_(True))
        return self._with_words(statement, wanted.words)

    async def _between(
        self, connection: AsyncConnection, statement: Select, wanted: TurnFilter
    ) -> Select:
        """Narrows to a time: by numbers first, which grow with it and are the list's order."""
        if wanted.start is not None:
            first = await _first_at(connection, wanted.start)
            statement = statement.where(COPIES.at >= wanted.start)
            statement = statement.where(COPIES.inbox_id >= (first or LARGEST) - DISORDER)
        if wanted.end is not None:
            first = await _first_at(connection, wanted.end)
            statement = statement.where(COPIES.at < wanted.end)
            statement = statement.where(COPIES.inbox_id < (first or LARGEST) + DISORDER)
        return statement

    def _with_words(self, statement: Select, words: str | None) -> Select:
        found = _words(words)
        if words is None:
            return statement
        if not found:
            return statement.where(text("1 = 0"))
        if self._database.is_sqlite:
            # In quotes a word is a word; without, some are commands of the index.
            query = " ".join(f'"{word}"' for word in found) + "*"
            index = text("review_words")
            is_found = text("review_words MATCH :query").bindparams(query=query)
            joined = review_turns.c.inbox_id == literal_column("review_words.rowid")
            return statement.select_from(index).where(is_found).where(joined)
        return statement.where(_has_words(found))

    async def conversation(self, inbox_id: int) -> str | None:
        """The conversation that a message belongs to; None when there is no such message."""
        copied = select(COPIES.conversation_id).where(COPIES.inbox_id == inbox_id)
        taken = select(inbox.c.conversation_id).where(inbox.c.id == inbox_id)
        async with self._database.read() as connection:
            found = (await connection.execute(copied.union(taken))).scalars().all()
        return found[0] if found else None

    async def of_conversation(
        self, conversation_id: str, limit: int, before: int | None = None
    ) -> TurnPage:
        """The last messages of a conversation, oldest first."""
        mine = COPIES.conversation_id == conversation_id
        wanted = select(*COLUMNS).where(mine).order_by(COPIES.inbox_id.desc()).limit(limit + 1)
        if before is not None:
            wanted = wanted.where(COPIES.inbox_id < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        turns = tuple(ReviewTurn(**row._mapping) for row in reversed(rows[:limit]))
        return TurnPage(turns, turns[0].inbox_id if len(rows) > limit else None)

    async def booked_names(self, conversation_id: str) -> frozenset[str]:
        """The names under which requests were made in a conversation."""
        wanted = select(bookings.c.name).where(bookings.c.conversation_id == conversation_id)
        async with self._database.read() as connection:
            return frozenset(row.name for row in await connection.execute(wanted))

    async def mark_read(self, conversation_id: str, up_to: int, entry: Entry) -> None:
        """Marks a conversation as read, up to the message that was seen."""
        mine = (COPIES.conversation_id == conversation_id) & (COPIES.inbox_id <= up_to)
        change = update(review_turns).where(mine & ~COPIES.is_read).values(is_read=True)
        async with self._database.begin() as connection:
            changed = await connection.execute(change)
            if changed.rowcount:
                await keep_entry(connection, entry)

    async def latest_of(self, conversation_ids: Collection[str]) -> dict[str, int]:
        """The number of the last message of each conversation that has one."""
        names = sorted(conversation_ids)
        found: dict[str, int] = {}
        columns = (inbox.c.conversation_id, func.max(inbox.c.id))
        async with self._database.read() as connection:
            for start in range(0, len(names), AT_ONCE):
                mine = inbox.c.conversation_id.in_(names[start : start + AT_ONCE])
                wanted: Any = select(*columns).where(mine).group_by(inbox.c.conversation_id)
                found |= {row[0]: row[1] for row in await connection.execute(wanted)}
        return found

    async def last_words(self, conversation_ids: Collection[str]) -> dict[str, str]:
        """The copy of the last message of each of a few conversations that has one."""
        mine = COPIES.conversation_id.in_(sorted(conversation_ids)) & COPIES.is_latest
        wanted = select(COPIES.conversation_id, COPIES.text).where(mine)
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(wanted)}


def _words(text: str | None) -> list[str]:
    return _WORD.findall(text or "")[:MAX_WORDS]


def _has_words(words: list[str]) -> Any:
    """PostgreSQL's own search; the last word may be unfinished."""
    found = text("review_turns.words @@ to_tsquery('simple', :query)")
    return found.bindparams(query=" & ".join(words) + ":*")


async def _found(
    connection: AsyncConnection, statement: Select, limit: int, before: int | None
) -> list[Row]:
    """Messages with some words, in PostgreSQL, which cannot tell how many have a word's beginning.

    A common word fills the page from the newest messages, read backwards. One that does not is
    rare enough to be looked up in the index of words and put in order afterwards.
    """
    newest = select(func.max(COPIES.inbox_id))
    top = before or (await connection.execute(newest)).scalar() or 0
    await _use(connection, enable_bitmapscan="off", enable_seqscan="off")
    near = statement.where(COPIES.inbox_id >= top - NEAR)
    rows: list[Row] = (await connection.execute(near)).all()
    if len(rows) <= limit:
        await _use(connection, enable_bitmapscan="on", enable_indexscan="off")
        rows = (await connection.execute(statement)).all()
    return rows


async def _use(connection: AsyncConnection, **plans: str) -> None:
    """Settles for this transaction how PostgreSQL looks for rows."""
    for name, value in plans.items():
        await connection.execute(text(f"SET LOCAL {name} = {value}"))


async def _first_at(connection: AsyncConnection, moment: datetime) -> int | None:
    """The number of the first message at or after a moment."""
    later = select(COPIES.inbox_id).where(COPIES.at >= moment).order_by(COPIES.at).limit(1)
    return (await connection.execute(later)).scalar()  # type: ignore[no-any-return]
