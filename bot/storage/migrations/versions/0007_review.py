"""Redacted copies of what was said, for review, with an index of their words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXED = ("conversation_id", "channel", "outcome", "answer", "band", "is_latest", "is_read")


def upgrade() -> None:
    # Plain ADD COLUMN: a table made anew would start its numbers again in SQLite.
    op.add_column("inbox", sa.Column("outcome", sa.String(length=16), nullable=True))
    op.add_column("inbox", sa.Column("intent", sa.String(length=64), nullable=True))
    op.add_column("inbox", sa.Column("confidence", sa.Float(precision=53), nullable=True))
    op.create_table(
        "review_turns",
        sa.Column("inbox_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("confidence", sa.Float(precision=53), nullable=True),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("inbox_id", name=op.f("pk_review_turns")),
    )
    for column in INDEXED:
        name = op.f(f"ix_review_turns_{column}_inbox_id")
        op.create_index(name, "review_turns", [column, "inbox_id"])
    op.create_index(op.f("ix_review_turns_at"), "review_turns", ["at"])
    _index_words()


def _index_words() -> None:
    if op.get_bind().dialect.name != "sqlite":
        # Kept, since a list read backwards would make it anew for every row it passes.
        op.execute(
            "ALTER TABLE review_turns ADD COLUMN words tsvector "
            "GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED"
        )
        op.execute("CREATE INDEX ix_review_turns_words ON review_turns USING gin (words)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE review_words USING fts5("
        "text, content='review_turns', content_rowid='inbox_id', tokenize='unicode61', "
        # Beginnings of words are searched for as people type.
        "prefix='1 2 3 4 5')"
    )
    # The index follows the table by itself, also when rows are erased.
    old = (
        "INSERT INTO review_words(review_words, rowid, text) "
        "VALUES('delete', old.inbox_id, old.text)"
    )
    new = "INSERT INTO review_words(rowid, text) VALUES (new.inbox_id, new.text)"
    for name, event, steps in (
        ("added", "INSERT", (new,)),
        ("erased", "DELETE", (old,)),
        ("changed", "UPDATE OF text", (old, new)),
    ):
        body = "; ".join(steps)
        op.execute(
            f"CREATE TRIGGER review_words_{name} AFTER {event} ON review_turns BEGIN {body}; END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE review_words")
    op.drop_table("review_turns")
    for column in ("confidence", "intent", "outcome"):
        op.drop_column("inbox", column)
