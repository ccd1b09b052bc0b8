"""Waits for a part no longer than it may take, however badly the part behaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class TooSlow(Exception):
    """A part of a turn took longer than it may."""


async def within(work: Awaitable[T], seconds: float) -> T:
    """The result of a part that may hang.

    Not by ``asyncio.wait_for``: in Python 3.10 it waits for what it cancels, which a connection to
    a dead server never ends, and one within another can swallow the cancellation.

    Raises:
        TooSlow: when the time is over; what still runs is cancelled and left to itself.
    """
    task = asyncio.ensure_future(work)
    # Nobody asks any more how a part that was given up ended.
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.wait({task}, timeout=seconds)
        if task.done():
            return task.result()
        raise TooSlow(f"not done within {seconds} s")
    finally:
        task.cancel()
