"""What patients wrote is encrypted: names of the keys, and marks to look phones and emails up by.

The values themselves are encrypted later, a few at a time, by whoever has the keys. Those that only
look encrypted are told apart here, while nothing is encrypted yet.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SEALED, CLEAR = "sealed:1:", "clear:1:"
MARKED = ("phone", "email")
# JSON never begins so.
TEXTS = (
    ("inbox", ("text",)),
    ("bookings", ("name", "phone", "email", "reason", "preferred")),
    ("outbox", ("body",)),
)


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("first_used_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_data_keys")),
    )
    for name in MARKED:
        op.add_column("bookings", sa.Column(f"{name}_mark", sa.String(length=64), nullable=True))
        op.create_index(op.f(f"ix_bookings_{name}_mark"), "bookings", [f"{name}_mark"])
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("bookings", "phone", type_=sa.Text(), existing_type=sa.String(length=32))
    for table, columns in TEXTS:
        for column in columns:
            _set_apart(table, column)


def _set_apart(table: str, name: str) -> None:
    value = sa.column(name, sa.Text())
    looks = (sa.func.substr(value, 1, len(start)) == start for start in (SEALED, CLEAR))
    change = sa.update(sa.table(table, value)).where(sa.or_(*looks))
    op.execute(change.values({name: sa.literal(CLEAR) + value}))


def downgrade() -> None:
    raise NotImplementedError("What is encrypted stays so: restore the backup from before.")
