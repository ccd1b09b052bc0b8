"""Which model is to be served since when. The last row counts; rows are only ever added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, text

from bot.errors import BotError
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.learning_tables import promotions
from bot.storage.types import utc_now

# Any fixed number: what PostgreSQL makes promotions take turns on.
ADVISORY_LOCK = 7_227_032


class PromotedMeanwhile(BotError):
    """Somebody else promoted or rolled back at the same time."""

    code = "promoted_meanwhile"
    status = 409


@dataclass(frozen=True)
class Promotion:
    """A change of the model.

    Attributes:
        id: Grows in the order of promoting.
        at: Aware.
        by: Who did it.
        kind: promote or rollback.
        model: The model that is served from then on.
        former: The one before.
        run_id: The run that trained it; None for a rollback.
    """

    id: int
    at: datetime
    by: str
    kind: str
    model: str
    former: str
    run_id: int | None


class PromotionRepository:
    """The promotions table."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def latest(self) -> Promotion | None:
        """The last change; None when there was none."""
        found = await self.page(1)
        return found[0] if found else None

    async def page(self, limit: int) -> list[Promotion]:
        """Changes, newest first."""
        wanted = select(promotions).order_by(promotions.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return [Promotion(**row._mapping) for row in await connection.execute(wanted)]

    async def add(
        self,
        by: str,
        kind: str,
        model: str,
        former: str,
        *,
        run_id: int | None,
        after: int | None,
        prepare: Callable[[], None],
    ) -> None:
        """Keeps a change and its audit entry.

        Args:
            by: Who does it.
            kind: promote or rollback.
            model: The model to be served.
            former: The one before.
            run_id: The run that trained it.
            after: The number of the last change as the caller knows it.
            prepare: What must be so before anybody hears of the change; runs in the transaction,
                which is undone when it fails.

        Raises:
            PromotedMeanwhile: when there was another change since.
        """
        now = self._clock()
        row = {"at": now, "by": by, "kind": kind, "model": model, "former": former}
        entry = Entry(by, f"model_{kind}", model, {"former": former, "run": run_id})
        async with self._database.begin() as connection:
            if not self._database.is_sqlite:
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
            last = (await connection.execute(select(func.max(promotions.c.id)))).scalar()
            if last != after:
                raise PromotedMeanwhile("Somebody else changed the model just now.")
            await connection.execute(insert(promotions).values(**row, run_id=run_id))
            await keep_entry(connection, entry, now)
            prepare()
