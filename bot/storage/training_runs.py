"""Runs of "train and compare": one at a time, with their progress and what they came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot.errors import BotError
from bot.storage.audit import Entry, keep_entry
from bot.storage.database import Database
from bot.storage.learning_tables import training_runs
from bot.storage.types import utc_now
from bot.storage.upsert import insert_if_new

RUNS = training_runs.c
# A run that has not been seen for so long has died.
LOST = timedelta(seconds=90)
MAX_LINES = 60
RUNNING, READY, REFUSED, FAILED = "running", "ready", "refused", "failed"
DIED = "It stopped without a word: the server was stopped, or the machine ran out of memory."


class RunUnderWay(BotError):
    """Another run is under way."""

    code = "run_under_way"
    status = 409


class NoSuchRun(BotError):
    """There is no such run."""

    code = "no_such_run"
    status = 404


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        id: Grows in the order of starting.
        by: Who started it.
        started_at: Aware.
        seen_at: Aware; the last sign of life.
        ended_at: Aware; None while it runs.
        state: running, ready, refused or failed.
        progress: Lines, oldest first.
        base: The model that was served; None before it is known.
        candidate: The model that was trained; None before it is.
        report: What the comparison came to, as ``bot.learning.comparison.Report``; None before.
    """

    id: int
    by: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    state: str
    progress: list[str]
    base: str | None
    candidate: str | None
    report: dict[str, Any] | None


_COLUMNS = tuple(column for column in training_runs.c if column.name != "slot")


class RunRepository:
    """The table of runs."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def start(self, by: str) -> int:
        """Opens a run, and closes one that has died.

        Raises:
            RunUnderWay: when another one is alive.
        """
        now = self._clock()
        await self._bury(now)
        row = {"by": by, "started_at": now, "seen_at": now, "state": RUNNING, "slot": 1}
        async with self._database.begin() as connection:
            number = await insert_if_new(connection, training_runs, {**row, "progress": []})
            if number is None:
                raise RunUnderWay("The assistant is being trained already. Please wait for it.")
            await keep_entry(connection, Entry(by, "training_started", str(number)), now)
        return number

    async def get(self, run_id: int) -> Run:
        """One run.

        Raises:
            NoSuchRun: when there is none.
        """
        async with self._database.read() as connection:
            found = await connection.execute(select(*_COLUMNS).where(RUNS.id == run_id))
            row = found.one_or_none()
        if row is None:
            raise NoSuchRun("There is no such run.")
        return Run(**row._mapping)

    async def latest(self) -> Run | None:
        """The last run; one that has died is shown as failed."""
        await self._bury(self._clock())
        async with self._database.read() as connection:
            wanted = select(*_COLUMNS).order_by(RUNS.id.desc()).limit(1)
            row = (await connection.execute(wanted)).one_or_none()
        return Run(**row._mapping) if row else None

    async def candidates(self) -> set[str]:
        """Names of all models that runs have trained."""
        wanted = select(RUNS.candidate).where(RUNS.candidate.isnot(None))
        async with self._database.read() as connection:
            return set((await connection.execute(wanted)).scalars())

    async def tell(self, run_id: int, progress: list[str]) -> None:
        """Shows how far a run is, and that it is alive."""
        values = {"progress": progress[-MAX_LINES:], "seen_at": self._clock()}
        await self._set(run_id, **values)

    async def name(self, run_id: int, base: str, candidate: str) -> None:
        """Notes which models are compared."""
        await self._set(run_id, base=base, candidate=candidate)

    async def end(self, run_id: int, state: str, report: dict[str, Any] | None = None) -> None:
        """Ends a run that is alive; one that was taken for dead stays so."""
        now = self._clock()
        await self._set(run_id, state=state, report=report, ended_at=now, seen_at=now, slot=None)

    async def _set(self, run_id: int, **values: Any) -> None:
        alive = (RUNS.id == run_id) & (RUNS.state == RUNNING)
        async with self._database.begin() as connection:
            await connection.execute(update(training_runs).where(alive).values(**values))

    async def _bury(self, now: datetime) -> None:
        dead = (RUNS.state == RUNNING) & (RUNS.seen_at < now - LOST)
        async with self._database.read() as connection:
            wanted = select(RUNS.id, RUNS.progress).where(dead)
            rows = (await connection.execute(wanted)).all()
        for row in rows:
            values = {"state": FAILED, "ended_at": now, "slot": None}
            still = dead & (RUNS.id == row.id)
            closing = update(training_runs).where(still)
            async with self._database.begin() as connection:
                await connection.execute(closing.values(**values, progress=[*row.progress, DIED]))
