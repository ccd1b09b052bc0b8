"""Puts messages into the review queue: with their copy, and when a patient's thumb comes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.review.model import ReviewTurn
from bot.review.pick import Kind, Pick, picked_for
from bot.storage.database import Database
from bot.storage.learning_tables import feedback, review_items
from bot.storage.review_tables import review_turns
from bot.storage.turns import COLUMNS

ITEMS = review_items.c
BATCH = 100
DOWN = "down"


async def keep_pick(connection: AsyncConnection, turn: ReviewTurn, picked: Pick) -> None:
    """Puts a message into the queue in the caller's transaction.

    One that says what has been labelled already is settled with it.
    """
    same = (ITEMS.sameness == picked.sameness) & (ITEMS.state == "done")
    is_settled = picked.kind not in {Kind.RED_FLAG, Kind.THUMBS_DOWN} and bool(
        (await connection.execute(select(exists().where(same)))).scalar()
    )
    values = {
        "inbox_id": turn.inbox_id,
        "conversation_id": turn.conversation_id,
        "kind": picked.kind.value,
        "reasons": [kind.value for kind in picked.kinds],
        "doubt": picked.doubt,
        "sameness": picked.sameness,
        "state": "same" if is_settled else "open",
    }
    await connection.execute(insert(review_items).values(**values))


class ThumbSorter:
    """Tells the queue of the thumbs that patients gave."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self) -> int:
        """Sorts what is new; a thumb whose message is not copied yet waits for the copy.

        Returns:
            How many thumbs were sorted.
        """
        copied = feedback.join(review_turns, review_turns.c.inbox_id == feedback.c.inbox_id)
        # The messages have a time of their own under the same name.
        given_at = feedback.c.at.label("given_at")
        wanted = (
            select(feedback.c.id, given_at, feedback.c.thumb, *COLUMNS)
            .select_from(copied)
            .where(feedback.c.is_sorted.is_(False))
            .order_by(feedback.c.id)
            .limit(BATCH)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        for row in rows:
            async with self._database.begin() as connection:
                await _sort(connection, row)
        return len(rows)


async def _sort(connection: AsyncConnection, row: Row) -> None:
    values = row._mapping
    turn = ReviewTurn(**{column.name: values[column.name] for column in COLUMNS})
    same_thumb = (feedback.c.id == values["id"]) & (feedback.c.at == values["given_at"])
    changed = await connection.execute(update(feedback).where(same_thumb).values(is_sorted=True))
    if not changed.rowcount:
        # Changed or erased since: the next look sees it as it is then.
        return
    wanted = select(ITEMS.reasons, ITEMS.state).where(ITEMS.inbox_id == turn.inbox_id)
    item = (await connection.execute(wanted)).one_or_none()
    if values["thumb"] == DOWN:
        await _add(connection, turn, item)
    elif item is not None and item.state != "done":
        await _withdraw(connection, turn, item)


async def _add(connection: AsyncConnection, turn: ReviewTurn, item: Row | None) -> None:
    if item is None:
        await keep_pick(connection, turn, picked_for(turn, [Kind.THUMBS_DOWN]))
    elif item.state != "done":
        kinds = picked_for(turn, [Kind.THUMBS_DOWN, *map(Kind, item.reasons)]).kinds
        await _set(connection, turn, kinds)


async def _withdraw(connection: AsyncConnection, turn: ReviewTurn, item: Row) -> None:
    """The patient thinks better of the answer."""
    left = tuple(kind for kind in map(Kind, item.reasons) if kind is not Kind.THUMBS_DOWN)
    if left:
        await _set(connection, turn, left)
    else:
        await connection.execute(delete(review_items).where(_open(turn)))


async def _set(connection: AsyncConnection, turn: ReviewTurn, kinds: tuple[Kind, ...]) -> None:
    values: dict[str, Any] = {
        "kind": kinds[0].value,
        "reasons": [kind.value for kind in kinds],
        "state": "open",
    }
    await connection.execute(update(review_items).where(_open(turn)).values(**values))


def _open(turn: ReviewTurn) -> Any:
    return (ITEMS.inbox_id == turn.inbox_id) & (ITEMS.state != "done")
