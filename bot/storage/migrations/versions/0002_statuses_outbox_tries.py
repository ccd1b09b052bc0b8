"""Statuses of a request, its visit's time and version; the outbox; wrong tries.

What was `requested` is `received`. Earlier events get the statuses before and after; the second of
two cancellations changed nothing and becomes a wish. Earlier requests get no last day: none of
them closes by itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EARLIER_CANCEL = """
    EXISTS (
        SELECT 1 FROM booking_events AS earlier
        WHERE earlier.booking_id = booking_events.booking_id
        AND earlier.id < booking_events.id AND earlier.change = 'cancel'
    )
"""


def upgrade() -> None:
    op.create_table(
        "booking_tries",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_tries")),
    )
    op.create_index(
        op.f("ix_booking_tries_conversation_id_at"), "booking_tries", ["conversation_id", "at"]
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("next_at", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.String(length=32), nullable=True),
        sa.Column("fault", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_idempotency_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_conversation_id_id"), "outbox", ["conversation_id", "id"])
    op.create_index(op.f("ix_outbox_state_next_at"), "outbox", ["state", "next_at"])

    # Plain ADD COLUMN: a table made anew would take its events with it in SQLite.
    op.add_column("booking_events", sa.Column("old", sa.String(length=16), nullable=True))
    op.add_column("booking_events", sa.Column("new", sa.String(length=16), nullable=True))
    op.add_column(
        "bookings", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("bookings", sa.Column("last_day", sa.String(length=10), nullable=True))
    op.add_column("bookings", sa.Column("starts_at", sa.String(length=32), nullable=True))
    op.add_column("bookings", sa.Column("minutes", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_bookings_status"), "bookings", ["status"])
    _carry_over()


def _carry_over() -> None:
    events = "UPDATE booking_events SET "
    op.execute("UPDATE bookings SET status = 'received' WHERE status = 'requested'")
    op.execute(events + "old = 'received', new = 'received'")
    op.execute(events + "old = NULL, change = 'received' WHERE change = 'requested'")
    op.execute(events + f"old = 'cancelled', new = 'cancelled' WHERE {EARLIER_CANCEL}")
    op.execute(
        events + "new = 'cancelled', change = 'cancelled' "
        "WHERE change = 'cancel' AND old = 'received'"
    )
    op.execute(events + "change = 'change' WHERE change = 'cancel'")


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("booking_tries")
    op.drop_index(op.f("ix_bookings_status"), "bookings")
    for column in ("minutes", "starts_at", "last_day", "version"):
        op.drop_column("bookings", column)
    op.drop_column("booking_events", "new")
    op.drop_column("booking_events", "old")
