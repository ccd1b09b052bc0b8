"""The tables that staff review: redacted copies of what was said."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from bot.storage.metadata import BigId, metadata
from bot.storage.types import JsonText, PlainText, UtcTime

# One row a message, with the reply it got; nothing in it tells who the patient is. Its words can be
# searched by the table `review_words` in SQLite and by the column `words` in PostgreSQL, both of
# which migration 0007 makes; the database itself keeps them in step.
review_turns = Table(
    "review_turns",
    metadata,
    Column("inbox_id", BigId, primary_key=True, autoincrement=False),
    Column("conversation_id", String(255), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("reply", JsonText, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("intent", String(64)),
    Column("confidence", Float(53)),
    # The first topic answered; empty when there was none.
    Column("answer", String(64), nullable=False),
    # How sure it was: 0 unknown, then low, middling and high.
    Column("band", Integer, nullable=False),
    # Whether it is the newest of its conversation.
    Column("is_latest", Boolean, nullable=False),
    Column("is_read", Boolean, nullable=False),
    # Each filter of the list with the order of the list.
    Index(None, "conversation_id", "inbox_id"),
    Index(None, "channel", "inbox_id"),
    Index(None, "outcome", "inbox_id"),
    Index(None, "answer", "inbox_id"),
    Index(None, "band", "inbox_id"),
    Index(None, "is_latest", "inbox_id"),
    Index(None, "is_read", "inbox_id"),
    Index(None, "at"),
)
