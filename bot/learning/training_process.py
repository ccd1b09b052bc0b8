"""Trains a candidate in a process of its own, whose memory is free again afterwards."""

from __future__ import annotations

import asyncio
import os
import subprocess
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
    # Not by asyncio's own processes: once Sanic is imported they want another kind of event loop
    # than the one a command runs in.
    process = subprocess.Popen(  # noqa: S603 - our own command
        COMMAND,
        env={**os.environ, "LEARNED_DIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    reading = asyncio.ensure_future(asyncio.to_thread(_read, process, say))
    try:
        told = await asyncio.shield(reading)
    finally:
        # Whoever stops the run stops its training.
        process.terminate()
        await asyncio.wait({reading}, timeout=STOP_SECONDS)
        process.kill()
        process.wait()
    if process.returncode or not told or not Path(told).exists():
        raise TrainingFailed("No candidate was trained.", remedy="See the lines above.")
    return Path(told)


def _read(process: subprocess.Popen[str], say: Say) -> str:
    """Passes the lines on until the process has ended; gives what it printed."""
    if process.stdout is None or process.stderr is None:
        raise AssertionError("The process has no pipes.")
    for line in process.stderr:
        say(line.rstrip())
    told = process.stdout.read().strip()
    process.wait()
    return told
