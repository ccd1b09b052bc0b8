"""A web chat goes on by text message: codes for phones, and links between conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXED = (
    ("phone_codes", ["conversation_id", "id"]),
    ("phone_codes", ["phone_mark", "created_at"]),
    ("phone_codes", ["client_mark", "created_at"]),
    ("phone_codes", ["created_at"]),
    ("conversation_links", ["sms_id", "linked_at"]),
    ("conversation_links", ["linked_at"]),
)


def upgrade() -> None:
    op.create_table(
        "phone_codes",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("phone_mark", sa.String(length=64), nullable=False),
        sa.Column("client_mark", sa.String(length=64), nullable=True),
        sa.Column("code_mark", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("used_at", sa.String(length=32), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_codes")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conversation_links",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("sms_id", sa.String(length=255), nullable=False),
        sa.Column("linked_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_links")),
        sa.UniqueConstraint(
            "conversation_id", "sms_id", name=op.f("uq_conversation_links_conversation_id_sms_id")
        ),
        sqlite_autoincrement=True,
    )
    for table, columns in INDEXED:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def downgrade() -> None:
    op.drop_table("conversation_links")
    op.drop_table("phone_codes")
