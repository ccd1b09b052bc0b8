"""The tables of what patients and staff say of answers, and of what is learned from it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from bot.storage.metadata import BigId, metadata
from bot.storage.types import JsonText, PlainText, UtcTime

# One thumb a message; the last one counts. What is typed is redacted before it comes here.
feedback = Table(
    "feedback",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("inbox_id", BigId, nullable=False, unique=True),
    Column("conversation_id", String(255), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("thumb", String(8), nullable=False),
    # One of a few fixed reasons; empty when none was given.
    Column("reason", String(32), nullable=False),
    Column("remark", PlainText, nullable=False),
    # Whether the review queue knows of it.
    Column("is_sorted", Boolean, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "is_sorted", "id"),
    sqlite_autoincrement=True,
)

# A message that waits for a reviewer, or has had one.
review_items = Table(
    "review_items",
    metadata,
    Column(
        "inbox_id",
        BigId,
        ForeignKey("review_turns.inbox_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("conversation_id", String(255), nullable=False),
    # The strongest of the reasons; the others stand in `reasons`.
    Column("kind", String(16), nullable=False),
    Column("reasons", JsonText, nullable=False),
    # How unsure the assistant was, 0 to 1.
    Column("doubt", Float(53), nullable=False),
    # The same for messages that say the same and got the same answer.
    Column("sameness", String(32), nullable=False),
    # open, done, or same: another message that says the same was labelled.
    Column("state", String(8), nullable=False),
    Column("leased_by", String(64)),
    Column("leased_until", UtcTime),
    # The label that holds; None while it is open.
    Column("label_id", BigId),
    # In the order in which a kind's messages are asked about.
    Index(None, "state", "kind", "doubt", "inbox_id"),
    Index(None, "sameness"),
    Index(None, "conversation_id"),
)

# What reviewers said; rows are only ever added.
labels = Table(
    "labels",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column(
        "inbox_id",
        BigId,
        ForeignKey("review_turns.inbox_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("conversation_id", String(255), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    # right, wrong, new, ignore or undone.
    Column("verdict", String(16), nullable=False),
    # Why the message was in the queue: what is learned from is counted by it.
    Column("kind", String(16), nullable=False),
    # The right topic, with "wrong".
    Column("topic", String(64)),
    # The draft card, with "new".
    Column("draft_id", BigId),
    Index(None, "inbox_id"),
    Index(None, "conversation_id"),
    Index(None, "by", "id"),
    sqlite_autoincrement=True,
)

# Cards that are wanted and not written yet; staff's words alone.
drafts = Table(
    "drafts",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("title", PlainText, nullable=False),
    # The title without case and spacing, so that one question has one draft.
    Column("title_key", String(255), nullable=False, unique=True),
    Column("wording", PlainText, nullable=False),
    Column("approved_by", String(64)),
    Column("approved_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

# One "train and compare" a row.
training_runs = Table(
    "training_runs",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("by", String(64), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    # Renewed while it runs, so that a run that died is known as such.
    Column("seen_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    # running, ready, refused or failed.
    Column("state", String(16), nullable=False),
    # 1 while it runs: there is one at a time.
    Column("slot", Integer, unique=True),
    Column("progress", JsonText, nullable=False),
    # Names of model archives, without their folder.
    Column("base", String(64)),
    Column("candidate", String(64)),
    Column("report", JsonText),
    sqlite_autoincrement=True,
)

# Which model is to be served, and since when; the last row counts.
promotions = Table(
    "promotions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("by", String(64), nullable=False),
    # promote or rollback.
    Column("kind", String(16), nullable=False),
    Column("model", String(64), nullable=False),
    Column("former", String(64), nullable=False),
    Column("run_id", BigId),
    sqlite_autoincrement=True,
)
