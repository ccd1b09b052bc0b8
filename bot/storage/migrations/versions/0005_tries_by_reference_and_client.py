"""Wrong tries are counted by reference and by the asker's address as well, both hashed.

What earlier tries asked for, and from where, was not kept; theirs stays NULL. They count for an
hour in any case.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("reference_hash", "client_hash")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("booking_tries", sa.Column(column, sa.String(length=64), nullable=True))
        op.create_index(
            op.f(f"ix_booking_tries_{column}_at"), "booking_tries", [column, "at"], unique=False
        )


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(op.f(f"ix_booking_tries_{column}_at"), "booking_tries")
        op.drop_column("booking_tries", column)
