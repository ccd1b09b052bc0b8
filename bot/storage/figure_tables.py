"""The tables of figures: sums by day, and groups of what was not answered."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from bot.storage.metadata import BigId, metadata
from bot.storage.types import IsoDay, JsonText, UtcTime

# One row a day of the clinic's; made again from the messages while they are there.
daily_figures = Table(
    "daily_figures",
    metadata,
    Column("day", IsoDay, primary_key=True),
    # The clinic's time zone when it was counted, the form of the sums, and the sums by channel.
    Column("data", JsonText, nullable=False),
)

# The latest grouping of unanswered messages; one row.
groupings = Table(
    "groupings",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("made_at", UtcTime, nullable=False),
    # The archive whose encoder compared them.
    Column("model", String(64), nullable=False),
    # The number of the newest unanswered message that was there.
    Column("newest", BigId, nullable=False),
    # How many messages were compared, and how many were too many.
    Column("compared", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
)

# Which group an unanswered message is in.
message_groups = Table(
    "message_groups",
    metadata,
    Column(
        "inbox_id",
        BigId,
        ForeignKey("review_turns.inbox_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("conversation_id", String(255), nullable=False),
    # Groups are numbered by their size, from 1.
    Column("number", Integer, nullable=False),
    # 0 is the most central of its group.
    Column("rank", Integer, nullable=False),
    Index(None, "number", "rank"),
    Index(None, "conversation_id"),
)
