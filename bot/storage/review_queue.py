"""The review queue: which message is asked about next, who has it, and what was said of it.

That two reviewers never have the same message, and that a second label is refused, is settled by
conditional updates: whoever comes second changes no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.review.label import Item, ItemGone, ItemTaken, Judgement, Label, Verdict
from bot.review.pick import Kind, Tally, value
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.learning_tables import labels, review_items
from bot.storage.review_items import ITEMS, item_of, to_item, with_label

# As long as somebody takes to read a conversation and look something up.
LEASE = timedelta(minutes=5)
# So many of each kind are compared with each other.
OF_A_KIND = 40
OPEN, DONE, SAME = "open", "done", "same"
# Each of these was said of one patient, or may save a life: another message does not answer it.
EACH_ITSELF = (Kind.THUMBS_DOWN.value, Kind.RED_FLAG.value)


class ReviewQueue:
    """The messages that wait for a reviewer, and the labels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> dict[Kind, int]:
        """How many are open of each kind that has any."""
        wanted = select(ITEMS.kind, func.count()).where(ITEMS.state == OPEN).group_by(ITEMS.kind)
        async with self._database.read() as connection:
            return {Kind(row[0]): row[1] for row in await connection.execute(wanted)}

    async def tallies(self) -> dict[Kind, Tally]:
        """What reviewers made of each kind so far."""
        held = labels.join(review_items, ITEMS.label_id == labels.c.id)
        wanted = select(labels.c.kind, labels.c.verdict, func.count()).select_from(held)
        grouped = wanted.group_by(labels.c.kind, labels.c.verdict)
        found: dict[Kind, Tally] = {}
        async with self._database.read() as connection:
            rows = (await connection.execute(grouped)).all()
        for kind, verdict, count in rows:
            if verdict == Verdict.IGNORE.value:
                continue
            before = found.get(Kind(kind), Tally())
            wrong = 0 if verdict == Verdict.RIGHT.value else count
            found[Kind(kind)] = Tally(before.labelled + count, before.corrected + wrong)
        return found

    async def ranked(self, now: datetime) -> list[int]:
        """Open messages that nobody has, those first that teach most; of each kind the first ones.

        Args:
            now: The present moment; aware.
        """
        tallies = await self.tallies()
        async with self._database.read() as connection:
            rows = [row for kind in Kind for row in await _of_kind(connection, kind, now)]
            times = await _times(connection, {row.sameness for row in rows})
        ordered = sorted(
            rows,
            key=lambda row: (
                -value(Kind(row.kind), row.doubt, times.get(row.sameness, 1), tallies),
                -row.inbox_id,
            ),
        )
        return [row.inbox_id for row in ordered]

    async def claim(self, by: str, now: datetime) -> int | None:
        """Gives somebody the next message, for a few minutes.

        Args:
            by: The reviewer; who has one already gets that one again.
            now: The present moment; aware.

        Returns:
            The message's number; None when nothing is left to ask.
        """
        mine = (ITEMS.leased_by == by) & (ITEMS.leased_until > now) & (ITEMS.state == OPEN)
        async with self._database.read() as connection:
            held = (await connection.execute(select(ITEMS.inbox_id).where(mine))).scalars().first()
        candidates = await self.ranked(now) if held is None else [held]
        for inbox_id in candidates:
            if await self._lease(inbox_id, by, now):
                return int(inbox_id)
        return None

    async def _lease(self, inbox_id: int, by: str, now: datetime) -> bool:
        free = (ITEMS.inbox_id == inbox_id) & (ITEMS.state == OPEN) & _is_free(by, now)
        lease = update(review_items).where(free).values(leased_by=by, leased_until=now + LEASE)
        async with self._database.begin() as connection:
            return bool((await connection.execute(lease)).rowcount)

    async def get(self, inbox_id: int) -> Item:
        """One message of the queue with its label.

        Raises:
            ItemGone: when it is not there, or was erased.
        """
        async with self._database.read() as connection:
            return await item_of(connection, inbox_id)

    async def label(
        self, inbox_id: int, judgement: Judgement, by: str, now: datetime, entry: Entry
    ) -> Label:
        """Keeps what somebody says of a message; the others that say the same are settled with it.

        Args:
            inbox_id: Which message.
            judgement: What is said.
            by: The reviewer.
            now: The present moment; aware.
            entry: For the audit trail.

        Raises:
            ItemTaken: another reviewer has it or has labelled it; the message says who.
            ItemGone: when it is not there, or was erased.
        """
        settle = update(review_items).where(
            (ITEMS.inbox_id == inbox_id) & (ITEMS.state != DONE) & _is_free(by, now)
        )
        async with self._database.begin() as connection:
            changed = await connection.execute(
                settle.values(state=DONE, leased_by=None, leased_until=None)
            )
            item = await item_of(connection, inbox_id)
            if not changed.rowcount:
                raise _taken(item, now)
            label = await _keep_label(connection, item, judgement, by, now)
            mine = ITEMS.inbox_id == inbox_id
            await connection.execute(update(review_items).where(mine).values(label_id=label.id))
            await _settle_same(connection, inbox_id, now)
            await keep_entry(connection, entry, now)
        return label

    async def undo(
        self, inbox_id: int, by: str, now: datetime, entry: Entry, *, anybodys: bool = False
    ) -> None:
        """Takes a label back: the message waits again, for whoever took it back first.

        Args:
            inbox_id: Which message.
            by: Who takes it back.
            now: The present moment; aware.
            entry: For the audit trail.
            anybodys: Also a colleague's label.

        Raises:
            ItemTaken: when the label is a colleague's.
            ItemGone: when there is no label to take back.
        """
        async with self._database.begin() as connection:
            item = await item_of(connection, inbox_id)
            if item.label is None or item.state != DONE:
                raise ItemGone("There is no label to take back.")
            if item.label.by != by and not anybodys:
                raise _taken(item, now)
            held = (ITEMS.inbox_id == inbox_id) & (ITEMS.label_id == item.label.id)
            opened = update(review_items).where(held)
            lease = {"leased_by": by, "leased_until": now + LEASE}
            changed = await connection.execute(opened.values(state=OPEN, label_id=None, **lease))
            if not changed.rowcount:
                raise ItemGone("There is no label to take back.")
            await _keep_label(connection, item, Judgement(Verdict.UNDONE), by, now)
            await _open_same(connection, inbox_id)
            await keep_entry(connection, entry, now)

    async def last_of(self, by: str) -> int | None:
        """The message that somebody labelled last, as long as the label holds."""
        held = labels.join(review_items, ITEMS.label_id == labels.c.id)
        mine = select(labels.c.inbox_id).select_from(held).where(labels.c.by == by)
        async with self._database.read() as connection:
            found = await connection.execute(mine.order_by(labels.c.id.desc()).limit(1))
            return found.scalar()  # type: ignore[no-any-return]

    async def labelled(self) -> list[Item]:
        """Every message with a label that holds, oldest label first."""
        wanted = with_label().where(ITEMS.state == DONE).order_by(labels.c.id)
        async with self._database.read() as connection:
            return [to_item(row) for row in await connection.execute(wanted)]


def _is_free(by: str, now: datetime) -> Any:
    nobodys = ITEMS.leased_until.is_(None) | (ITEMS.leased_until <= now)
    return nobodys | (ITEMS.leased_by == by)


async def _of_kind(connection: AsyncConnection, kind: Kind, now: datetime) -> list[Row]:
    columns = (ITEMS.inbox_id, ITEMS.kind, ITEMS.doubt, ITEMS.sameness)
    free = ITEMS.leased_until.is_(None) | (ITEMS.leased_until <= now)
    wanted = select(*columns).where(ITEMS.state == OPEN, ITEMS.kind == kind.value, free)
    ordered = wanted.order_by(ITEMS.doubt.desc(), ITEMS.inbox_id.desc()).limit(OF_A_KIND)
    return list((await connection.execute(ordered)).all())


async def _times(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, int]:
    among = ITEMS.sameness.in_(sorted(keys)) & (ITEMS.state == OPEN)
    wanted = select(ITEMS.sameness, func.count()).where(among).group_by(ITEMS.sameness)
    return {row[0]: row[1] for row in await connection.execute(wanted)}


def _taken(item: Item, now: datetime) -> ItemTaken:
    if item.label is not None:
        return ItemTaken(f"{item.label.by} has labelled this message already.")
    holder = item.holder(now) or "Somebody else"
    return ItemTaken(f"{holder} is looking at this message.")


async def _keep_label(
    connection: AsyncConnection, item: Item, judgement: Judgement, by: str, now: datetime
) -> Label:
    kind, turn = item.kinds[0], item.turn
    values = {
        "inbox_id": turn.inbox_id,
        "conversation_id": turn.conversation_id,
        "by": by,
        "at": now,
        "verdict": judgement.verdict.value,
        "kind": kind.value,
        "topic": judgement.topic,
        "draft_id": judgement.draft_id,
    }
    (number,) = (await connection.execute(insert(labels).values(**values))).inserted_primary_key
    said = (judgement.verdict, kind, judgement.topic, judgement.draft_id)
    return Label(number, turn.inbox_id, by, now, *said)


def _others(inbox_id: int) -> Any:
    mine = select(ITEMS.sameness).where(ITEMS.inbox_id == inbox_id).scalar_subquery()
    return (ITEMS.sameness == mine) & (ITEMS.inbox_id != inbox_id) & ITEMS.kind.notin_(EACH_ITSELF)


async def _settle_same(connection: AsyncConnection, inbox_id: int, now: datetime) -> None:
    """Those that a colleague is just looking at stay theirs."""
    free = ITEMS.leased_until.is_(None) | (ITEMS.leased_until <= now)
    same = _others(inbox_id) & (ITEMS.state == OPEN) & free
    await connection.execute(update(review_items).where(same).values(state=SAME))


async def _open_same(connection: AsyncConnection, inbox_id: int) -> None:
    same = _others(inbox_id) & (ITEMS.state == SAME)
    await connection.execute(update(review_items).where(same).values(state=OPEN))
