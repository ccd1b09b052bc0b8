"""Trains a candidate in a process of its own, whose memory is free again afterwards."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.learning.train import TrainingFailed

Say = Callable[[str], None]
COMMAND = (sys.executable, "-m", "bot.cli", "train")
STOP_SECONDS = 5.0


async def train_beside(folder: Path, say: Say) -> Path:
    """Runs ``bot train`` on the shipped data and a folder of what staff taught.

    Args:
        folder: Takes the place of ``LEARNED_DIR``.
        say: Takes each line of progress.

    Returns:
        Path of the model archive.

    Raises:
        TrainingFailed: when there is none in the end; the lines have said why.
    """
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        env={**os.environ, "LEARNED_DIR": str(folder)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    if process.stdout is None or process.stderr is None:
        raise AssertionError("The process has no pipes.")
    try:
        async for line in process.stderr:
            say(line.decode("utf-8", "replace").rstrip())
        # One line with the path, which may have spaces in it.
        told = (await process.stdout.read()).decode("utf-8", "replace").strip()
        code = await process.wait()
    finally:
        await _ended(process)
    if code or not told or not Path(told).exists():
        raise TrainingFailed("No candidate was trained.", remedy="See the lines above.")
    return Path(told)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Whoever stops the run stops its training."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except asyncio.TimeoutError:
        process.kill()
