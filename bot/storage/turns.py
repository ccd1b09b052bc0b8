"""What was said, as staff read it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from bot.storage.database import Database
from bot.storage.tables import inbox

# SQLite takes some thousand values in one statement.
AT_ONCE = 500


class TurnRepository:
    """Messages and their replies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest_of(self, conversation_ids: Collection[str]) -> dict[str, int]:
        """The number of the last message of each conversation that has one."""
        names = sorted(conversation_ids)
        found: dict[str, int] = {}
        columns = (inbox.c.conversation_id, func.max(inbox.c.id))
        async with self._database.read() as connection:
            for start in range(0, len(names), AT_ONCE):
                mine = inbox.c.conversation_id.in_(names[start : start + AT_ONCE])
                wanted = select(*columns).where(mine).group_by(inbox.c.conversation_id)
                found |= {row[0]: row[1] for row in await connection.execute(wanted)}
        return found
