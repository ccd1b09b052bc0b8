"""Sums by day, and groups of unanswered messages; a running server makes the rows of both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("message_groups", "groupings", "daily_figures")
# What was asked for, and when: the sums look each day up.
INDEXED = (("handoffs", "opened_at"), ("bookings", "created_at"))


def upgrade() -> None:
    op.create_table(
        "daily_figures",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_figures")),
    )
    op.create_table(
        "groupings",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("newest", BIG_ID, nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groupings")),
    )
    op.create_table(
        "message_groups",
        sa.Column("inbox_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbox_id"],
            ["review_turns.inbox_id"],
            name=op.f("fk_message_groups_inbox_id_review_turns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("inbox_id", name=op.f("pk_message_groups")),
    )
    op.create_index(op.f("ix_message_groups_number_rank"), "message_groups", ["number", "rank"])
    op.create_index(
        op.f("ix_message_groups_conversation_id"), "message_groups", ["conversation_id"]
    )
    for table, column in INDEXED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in INDEXED:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    for table in TABLES:
        op.drop_table(table)
