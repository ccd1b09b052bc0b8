"""Talks with people of the clinic. Wishes for a person that are open go on as waiting ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OPEN = sa.text("state IN ('waiting', 'taken', 'missed')")
# A wish was an alert before; one of a conversation stays, without a time of its own.
TAKE_ON = """
INSERT INTO handoffs (conversation_id, channel, state, version, opened_at, asked_at, taken_by)
SELECT alerts.conversation_id, conversations.channel, 'missed', 1, min(at), max(at), ''
FROM alerts JOIN conversations ON conversations.id = alerts.conversation_id
WHERE kind = 'handoff' AND seen_at IS NULL
GROUP BY alerts.conversation_id, conversations.channel
"""


def upgrade() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.String(length=32), nullable=True),
        sa.Column("due_at", sa.String(length=32), nullable=True),
        sa.Column("taken_by", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.String(length=32), nullable=True),
        sa.Column("wrote_at", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_handoffs_conversation_id"), "handoffs", ["conversation_id"])
    op.create_index(op.f("ix_handoffs_state"), "handoffs", ["state"])
    op.create_index(
        "uq_handoffs_open",
        "handoffs",
        ["conversation_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.execute(TAKE_ON)
    op.execute("UPDATE alerts SET seen_at = at WHERE kind = 'handoff' AND seen_at IS NULL")


def downgrade() -> None:
    op.drop_table("handoffs")
