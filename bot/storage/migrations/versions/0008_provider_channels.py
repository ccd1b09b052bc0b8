"""Channels of providers: claims on messages, who opted out, what was delivered.

Earlier messages were never claimed; earlier letters have no name at a provider.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Plain ADD COLUMN: SQLite needs no copy of the table for it.
ADDED = (
    ("inbox", sa.Column("detail", sa.Text(), nullable=True)),
    ("inbox", sa.Column("claimed_until", sa.String(length=32), nullable=True)),
    ("inbox", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0")),
    ("outbox", sa.Column("provider_id", sa.String(length=255), nullable=True)),
    ("outbox", sa.Column("open_attempts", sa.Integer(), nullable=False, server_default="0")),
)


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column)
    op.create_index(op.f("ix_outbox_provider_id"), "outbox", ["provider_id"])
    op.create_table(
        "consents",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("change", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consents_conversation_id_id"), "consents", ["conversation_id", "id"])
    op.create_table(
        "deliveries",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("provider_id", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("error", sa.String(length=16), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("provider_id", "status", name=op.f("uq_deliveries_provider_id_status")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("deliveries")
    op.drop_table("consents")
    op.drop_index(op.f("ix_outbox_provider_id"), "outbox")
    for table, column in reversed(ADDED):
        op.drop_column(table, column.name)
