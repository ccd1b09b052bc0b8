"""The table of talks with people of the clinic."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, text

from bot.storage.metadata import BigId, metadata
from bot.storage.types import UtcTime

IS_OPEN = text("state IN ('waiting', 'taken', 'missed')")

# One row for each wish for a person, from its beginning to its end; no words.
handoffs = Table(
    "handoffs",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("conversation_id", String(255), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    # Grows with each change of the state: of two who decide on the same, one gets it.
    Column("version", Integer, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    # NULL when staff stepped in without being asked.
    Column("asked_at", UtcTime),
    Column("due_at", UtcTime),
    # Who of the staff has it, or had it last.
    Column("taken_by", String(64), nullable=False),
    Column("taken_at", UtcTime),
    Column("wrote_at", UtcTime),
    Column("ended_at", UtcTime),
    Index(None, "conversation_id"),
    Index(None, "state"),
    Index(None, "opened_at"),
    # A conversation has one that is open at most.
    Index(
        "uq_handoffs_open",
        "conversation_id",
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    ),
    sqlite_autoincrement=True,
)
