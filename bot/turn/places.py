"""Places for those who work at once; whoever takes long gives theirs up and works on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Places:
    """A number of places that nobody can block."""

    def __init__(self, count: int, seconds: float) -> None:
        """Makes the places.

        Args:
            count: How many there are.
            seconds: For so long one is kept at most.
        """
        self._free = asyncio.Semaphore(count)
        self._seconds = seconds

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Waits for a place and keeps it, until the end or until the time is over."""
        await self._free.acquire()
        timer = asyncio.get_running_loop().call_later(self._seconds, self._free.release)
        try:
            yield
        finally:
            # A timer that has run gave the place up already.
            if asyncio.get_running_loop().time() < timer.when():
                timer.cancel()
                self._free.release()
