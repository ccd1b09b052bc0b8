"""Thumbs of patients, the review queue, labels, draft cards, training runs and promotions.

Messages from before are not put into the queue.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("promotions", "training_runs", "drafts", "labels", "review_items", "feedback")
TIME = sa.String(length=32)


def upgrade() -> None:
    _feedback()
    _items()
    _labels()
    _drafts()
    _runs()


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("inbox_id", BIG_ID, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("thumb", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("is_sorted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_feedback_inbox_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feedback_conversation_id"), "feedback", ["conversation_id"])
    op.create_index(op.f("ix_feedback_is_sorted_id"), "feedback", ["is_sorted", "id"])


def _of_turns(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_inbox_id_review_turns")
    return sa.ForeignKeyConstraint(
        ["inbox_id"], ["review_turns.inbox_id"], name=name, ondelete="CASCADE"
    )


def _items() -> None:
    op.create_table(
        "review_items",
        sa.Column("inbox_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("doubt", sa.Float(precision=53), nullable=False),
        sa.Column("sameness", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("label_id", BIG_ID, nullable=True),
        _of_turns("review_items"),
        sa.PrimaryKeyConstraint("inbox_id", name=op.f("pk_review_items")),
    )
    columns = ["state", "kind", "doubt", "inbox_id"]
    op.create_index(op.f("ix_review_items_state_kind_doubt_inbox_id"), "review_items", columns)
    for column in ("sameness", "conversation_id"):
        op.create_index(op.f(f"ix_review_items_{column}"), "review_items", [column])


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("inbox_id", BIG_ID, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("draft_id", BIG_ID, nullable=True),
        _of_turns("labels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sqlite_autoincrement=True,
    )
    for columns in (["inbox_id"], ["conversation_id"], ["by", "id"]):
        op.create_index(op.f(f"ix_labels_{'_'.join(columns)}"), "labels", columns)


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.String(length=255), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("title_key", name=op.f("uq_drafts_title_key")),
        sqlite_autoincrement=True,
    )


def _runs() -> None:
    op.create_table(
        "training_runs",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("candidate", sa.String(length=64), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_runs")),
        sa.UniqueConstraint("slot", name=op.f("uq_training_runs_slot")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "promotions",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("former", sa.String(length=64), nullable=False),
        sa.Column("run_id", BIG_ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
