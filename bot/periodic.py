"""Work that a server does again and again while it runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

# How long what is in hand may go on once the server stops.
GRACE_SECONDS = 5.0


async def every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Does the work now and then again; a failure is logged and tried again next time.

    Ends when its task is cancelled, after the work in hand: a letter that was handed over is still
    written down as sent, and no statement is cut off, which would cost the database's connection.

    Args:
        seconds: From the end of one time to the start of the next.
        work: What to do.
    """
    while True:
        await once(work)
        await asyncio.sleep(seconds)


async def once(work: Callable[[], Awaitable[object]]) -> None:
    """Does the work to its end, also when the task that waits for it is cancelled."""
    await _to_its_end(asyncio.ensure_future(_tried(work)))


async def _tried(work: Callable[[], Awaitable[object]]) -> None:
    try:
        await work()
    except Exception as error:
        # Not its message: it may quote a patient.
        logger.error("%s failed: %s", _name(work), type(error).__qualname__)


async def _to_its_end(task: asyncio.Future[None]) -> None:
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=GRACE_SECONDS)
        task.cancel()
        raise


async def wait_for_call(call: asyncio.Event, seconds: float) -> None:
    """Waits until somebody calls, or for so long.

    Not by ``asyncio.wait_for``: in Python 3.10 it swallows a cancellation that comes at the moment
    of the call, and the one who cancelled waits for ever.

    Args:
        call: Set by the caller.
        seconds: The longest wait.
    """
    waiting = asyncio.ensure_future(call.wait())
    try:
        await asyncio.wait({waiting}, timeout=seconds)
    finally:
        waiting.cancel()


def _name(work: object) -> str:
    return str(getattr(work, "__qualname__", type(work).__qualname__))
