"""Places for those who work at once; whoever takes long gives theirs up and works on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager


class Places:
    """A number of places that nobody can block."""

    def __init__(self, count: int) -> None:
        """Makes so many places."""
        self._free = asyncio.Semaphore(count)

    @asynccontextmanager
    async def take(self, seconds: float) -> AsyncIterator[None]:
        """Waits for a place and keeps it, until the end or for so many seconds at most."""
        await self._free.acquire()
        held = ExitStack()
        held.callback(self._free.release)
        # Whoever comes second, the timer or the end, finds nothing left to give up.
        timer = asyncio.get_running_loop().call_later(seconds, held.close)
        try:
            yield
        finally:
            timer.cancel()
            held.close()
