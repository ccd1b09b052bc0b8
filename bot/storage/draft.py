"""Drafts the migration that a change of ``tables.py`` needs: ``python -m bot.storage.draft "why"``.

Read the draft before it is committed: Alembic cannot see a renamed column or how to fill a new one.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from alembic import command
from sqlalchemy.engine import Connection

from bot.storage.database import Database
from bot.storage.migrate import MIGRATIONS, config_for, migrate

VERSIONS = MIGRATIONS / "versions"


async def draft(message: str, folder: Path = VERSIONS) -> Path:
    """Writes a numbered migration from the newest revision to the tables as they are now.

    Args:
        message: What changes, in a few words; becomes part of the file's name.
        folder: Where to write it.

    Returns:
        The file.
    """
    newest = max(path.name for path in VERSIONS.glob("[0-9]*.py"))
    number = f"{int(newest.partition('_')[0]) + 1:04d}"
    database = Database("sqlite://")
    try:
        await migrate(database)
        async with database.begin() as connection:
            await connection.run_sync(_write, message, number, folder)
    finally:
        await database.close()
    return next(folder.glob(f"{number}_*.py"))


def _write(connection: Connection, message: str, number: str, folder: Path) -> None:
    config = config_for(connection)
    locations = ":".join({str(VERSIONS): None, str(folder): None})
    config.set_main_option("version_locations", locations.replace("%", "%%"))
    command.revision(config, message, autogenerate=True, rev_id=number, version_path=str(folder))


if __name__ == "__main__":
    asyncio.run(draft(" ".join(sys.argv[1:]) or "change"))
