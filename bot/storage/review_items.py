"""Rows of the review queue as the review room knows them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from bot.review.label import Item, ItemGone, Label, Verdict
from bot.review.model import ReviewTurn
from bot.review.pick import Kind
from bot.storage.learning_tables import labels, review_items
from bot.storage.review_tables import review_turns
from bot.storage.turns import COLUMNS

ITEMS = review_items.c


def with_label() -> Select:
    """Messages of the queue with the label that holds, if any."""
    held = review_items.join(review_turns, review_turns.c.inbox_id == ITEMS.inbox_id).outerjoin(
        labels, labels.c.id == ITEMS.label_id
    )
    named = [column.label(f"label_{column.name}") for column in labels.c]
    own = (ITEMS.reasons, ITEMS.doubt, ITEMS.state, ITEMS.leased_by, ITEMS.leased_until)
    return select(*COLUMNS, *own, *named).select_from(held)


async def item_of(connection: AsyncConnection, inbox_id: int) -> Item:
    """One message of the queue; raises ``ItemGone`` when it is not there."""
    wanted = with_label().where(ITEMS.inbox_id == inbox_id)
    row = (await connection.execute(wanted)).one_or_none()
    if row is None:
        raise ItemGone("This message is not in the queue any more.")
    return to_item(row)


def to_item(row: Row) -> Item:
    """From a row of ``with_label``."""
    values = row._mapping
    turn = ReviewTurn(**{column.name: values[column.name] for column in COLUMNS})
    label = None
    if values["label_id"] is not None:
        label = Label(
            values["label_id"],
            values["label_inbox_id"],
            values["label_by"],
            values["label_at"],
            Verdict(values["label_verdict"]),
            Kind(values["label_kind"]),
            values["label_topic"],
            values["label_draft_id"],
        )
    return Item(
        turn,
        tuple(map(Kind, values["reasons"])),
        values["doubt"],
        values["state"],
        values["leased_by"],
        values["leased_until"],
        label,
    )
