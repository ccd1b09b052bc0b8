"""Groups of unanswered messages: who is in which, and what is grouped next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.figures.asked import SMALLEST, Asked
from bot.storage.database import Database
from bot.storage.figure_tables import groupings, message_groups
from bot.storage.learning_tables import review_items
from bot.storage.review_tables import review_turns

COPIES, MEMBERS = review_turns.c, message_groups.c
JOINED = message_groups.join(review_turns, COPIES.inbox_id == MEMBERS.inbox_id)
UNANSWERED = ("decline", "clarify")
# Messages that are read at most, the newest ones.
READ = 5_000
AT_ONCE = 500


@dataclass(frozen=True)
class Unanswered:
    """What was declined or asked back.

    Attributes:
        messages: The newest ones.
        count: How many there are.
    """

    messages: tuple[Asked, ...]
    count: int


@dataclass(frozen=True)
class Grouping:
    """That messages were grouped.

    Attributes:
        made_at: Aware.
        model: The archive whose encoder compared them.
        newest: The number of the newest unanswered message.
        compared: How many messages were compared.
        left_out: How many older ones were too many.
    """

    made_at: datetime
    model: str
    newest: int
    compared: int
    left_out: int


@dataclass(frozen=True)
class Member:
    """A message of a group.

    Attributes:
        inbox_id: Its number.
        at: Aware; when it came.
        channel: web, sms or messenger.
        text: Redacted.
        outcome: decline or clarify.
        state: Of the review queue: open, done or same; None when it is not in it.
    """

    inbox_id: int
    at: datetime
    channel: str
    text: str
    outcome: str
    state: str | None


@dataclass(frozen=True)
class Group:
    """Messages that ask much the same.

    Attributes:
        size: How many there are.
        members: Some of them, the most central first.
    """

    size: int
    members: tuple[Member, ...]


class GroupRepository:
    """The tables of groups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unanswered(self, since: datetime, limit: int = READ) -> Unanswered:
        """What was declined or asked back since a moment."""
        mine = COPIES.outcome.in_(UNANSWERED) & (COPIES.at >= since)
        columns = (COPIES.inbox_id, COPIES.conversation_id, COPIES.text)
        wanted = select(*columns).where(mine).order_by(COPIES.inbox_id.desc()).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
            counted = select(func.count()).select_from(review_turns).where(mine)
            count = int((await connection.execute(counted)).scalar_one())
        # In between one more may have come.
        return Unanswered(tuple(Asked(*row) for row in rows), max(count, len(rows)))

    async def newer(self, number: int, limit: int) -> int:
        """How many have come since a message, as far as the limit."""
        mine = COPIES.outcome.in_(UNANSWERED) & (COPIES.inbox_id > number)
        some = select(COPIES.inbox_id).where(mine).limit(limit).subquery()
        async with self._database.read() as connection:
            found = await connection.execute(select(func.count()).select_from(some))
            return int(found.scalar_one())

    async def latest(self) -> Grouping | None:
        """The grouping that is kept; None before the first one."""
        columns = [groupings.c[name] for name in Grouping.__dataclass_fields__]
        wanted = select(*columns).order_by(groupings.c.id.desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).first()
        return Grouping(*row) if row else None

    async def keep(self, groups: Sequence[Sequence[Asked]], grouping: Grouping) -> None:
        """Keeps groups in place of those before; what was erased meanwhile is in none."""
        rows: list[dict[str, Any]] = [
            {
                "inbox_id": asked.inbox_id,
                "conversation_id": asked.conversation_id,
                "number": number,
                "rank": rank,
            }
            for number, group in enumerate(groups, 1)
            for rank, asked in enumerate(group)
        ]
        async with self._database.begin() as connection:
            await connection.execute(delete(message_groups))
            await connection.execute(delete(groupings))
            for first in range(0, len(rows), AT_ONCE):
                some = rows[first : first + AT_ONCE]
                there = await _held(connection, [row["inbox_id"] for row in some])
                if left := [row for row in some if row["inbox_id"] in there]:
                    await connection.execute(insert(message_groups), left)
            await connection.execute(insert(groupings).values(**vars(grouping)))

    async def groups(
        self,
        start: datetime,
        end: datetime,
        channel: str | None,
        *,
        limit: int,
        members: int,
        least: int = SMALLEST,
    ) -> list[Group]:
        """The largest groups, counting what came between two moments.

        Args:
            start: Aware.
            end: Aware; not included.
            channel: Only of this one; None: of all.
            limit: How many groups.
            members: How many messages of each.
            least: How many messages make a group.
        """
        mine = (COPIES.at >= start) & (COPIES.at < end)
        if channel is not None:
            mine &= COPIES.channel == channel
        size = func.count().label("size")
        counted = (
            select(MEMBERS.number, size)
            .select_from(JOINED)
            .where(mine)
            .group_by(MEMBERS.number)
            .having(size >= least)
            .order_by(size.desc(), MEMBERS.number)
            .limit(limit)
        )
        async with self._database.read() as connection:
            sizes = {row.number: row.size for row in await connection.execute(counted)}
            found = await _members(connection, mine, list(sizes), members)
        return [Group(sizes[number], tuple(found[number])) for number in sizes]


async def _members(
    connection: AsyncConnection, mine: Any, numbers: Sequence[int], limit: int
) -> dict[int, list[Member]]:
    """The first messages of some groups."""
    place = func.row_number().over(partition_by=MEMBERS.number, order_by=MEMBERS.rank)
    columns = [COPIES[name] for name in ("inbox_id", "at", "channel", "text", "outcome")]
    ranked = (
        select(MEMBERS.number, *columns, review_items.c.state, place.label("place"))
        .select_from(JOINED.outerjoin(review_items, review_items.c.inbox_id == COPIES.inbox_id))
        .where(mine & MEMBERS.number.in_(numbers))
        .subquery()
    )
    first = select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.place)
    found: dict[int, list[Member]] = {number: [] for number in numbers}
    for number, *values, _place in await connection.execute(first):
        found[number].append(Member(*values))
    return found


async def _held(connection: AsyncConnection, numbers: Sequence[int]) -> set[int]:
    """Those that are still there, held until the transaction ends."""
    there = select(COPIES.inbox_id).where(COPIES.inbox_id.in_(numbers))
    # PostgreSQL's weakest lock that a DELETE waits for; SQLite has one writer and needs none.
    locked = there.with_for_update(read=True, key_share=True)
    return set((await connection.execute(locked)).scalars())
