"""Tells the database how far a run is, from whichever thread it works in."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.storage.training_runs import RunRepository

logger = logging.getLogger(__name__)
# Also the sign of life.
EVERY_SECONDS = 2.0
# In Rasa's lines on each part of a model.
PART = " component '"


class Progress:
    """The lines of one run."""

    def __init__(self, runs: RunRepository, run_id: int, echo: Callable[[str], None]) -> None:
        """Makes it.

        Args:
            runs: Keeps the lines.
            run_id: Of which run.
            echo: Takes each line as well, for whoever watches.
        """
        self._runs = runs
        self._run_id = run_id
        self._echo = echo
        self._started = time.monotonic()
        self._lines: list[str] = []

    def detail(self, line: str) -> None:
        """Adds a line of the training; of the parts of a model nobody here has to read."""
        if PART in line:
            self._echo(line)
        else:
            self.say(line)

    def say(self, line: str) -> None:
        """Adds a line; may be called in any thread."""
        seconds = time.monotonic() - self._started
        self._lines.append(f"{seconds:4.0f} s  {line}")
        self._echo(line)

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Meanwhile the lines are kept every few seconds, and once more in the end."""
        writing = asyncio.ensure_future(self._keep_writing())
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await self._write()

    async def _keep_writing(self) -> None:
        while True:
            await self._write()
            await asyncio.sleep(EVERY_SECONDS)

    async def _write(self) -> None:
        try:
            await self._runs.tell(self._run_id, list(self._lines))
        except Exception as error:
            # A busy database must not cost the run.
            logger.warning("Progress could not be kept: %s", type(error).__qualname__)
