"""What all tables share: their catalogue and the kind of number that names a row."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData

# Named constraints, so that a migration can find and change them in either database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Only an INTEGER primary key numbers itself in SQLite. AUTOINCREMENT is asked for where a number
# must not come back after an erasure: a turn still running would finish another patient's row.
BigId = BigInteger().with_variant(Integer, "sqlite")
