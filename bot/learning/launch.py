"""Runs "train and compare" as a process of its own, so that the server goes on answering."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import Protocol

from bot.storage.training_runs import FAILED, RunRepository

logger = logging.getLogger(__name__)
STOP_SECONDS = 5.0


class Launcher(Protocol):
    """Starts runs."""

    async def start(self, run_id: int) -> None:
        """Starts a run whose row is there already; returns at once."""

    async def stop(self) -> None:
        """Ends what was started here."""


class ProcessLauncher:
    """Starts ``bot review train --run`` with the environment of this process."""

    def __init__(self, runs: RunRepository) -> None:
        self._runs = runs
        self._watching: dict[asyncio.Task[None], asyncio.subprocess.Process] = {}

    async def start(self, run_id: int) -> None:
        """Starts a run whose row is there already; returns at once."""
        command = (sys.executable, "-m", "bot.cli", "review", "train", "--run", str(run_id))
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=quiet)
        task = asyncio.ensure_future(self._watch(process, run_id))
        self._watching[task] = process
        task.add_done_callback(lambda done: self._watching.pop(done, None))

    async def stop(self) -> None:
        """Ends what was started here: a server that stops leaves nothing behind."""
        tasks = dict(self._watching)
        for process in tasks.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)

    async def _watch(self, process: asyncio.subprocess.Process, run_id: int) -> None:
        if code := await process.wait():
            logger.error("Training ended with code %d.", code)
            # It has said so itself, unless it had no time to.
            await self._runs.end(run_id, FAILED)
