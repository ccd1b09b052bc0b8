"""How the clinic may contact the patient of a request.

Nobody was asked for earlier requests: theirs stays NULL.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ADD COLUMN: a table made anew would take its events with it in SQLite.
    op.add_column("bookings", sa.Column("contact_consent", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("bookings", "contact_consent")
