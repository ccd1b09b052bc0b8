"""Holds two conversations still, and says what of one goes on in the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from rasa.core.lock_store import LockError, LockStore

from bot.continuing.model import Busy, Carried
from bot.storage.inbox_queue import InboxQueue
from bot.storage.tracker_store import DatabaseTrackerStore
from bot.turn.carry_over import carried

BUSY = "We are still answering a message of yours. Please try again in a moment."
# Shorter than a stuck turn's lock lives, and longer than nearly every turn takes.
PATIENCE_SECONDS = 12.0
LOOK_SECONDS = 0.1


class RasaDialogues:
    """See ``bot.continuing.ports.Dialogues``."""

    def __init__(
        self,
        trackers: DatabaseTrackerStore,
        locks: LockStore,
        queue: InboxQueue,
        clock: Callable[[], datetime],
        word: str,
    ) -> None:
        """Makes the pair of hands.

        Args:
            trackers: Rasa's conversations.
            locks: Those under which turns run.
            queue: Knows whether a text message waits for its answer.
            clock: The present moment; aware.
            word: Said in the web chat where a request goes along.
        """
        self._trackers = trackers
        self._locks = locks
        self._queue = queue
        self._clock = clock
        self._word = word

    @asynccontextmanager
    async def held(self, web_id: str, sms_id: str) -> AsyncIterator[Carried]:
        async with AsyncExitStack() as stack:
            # Always in this order, and no turn takes two: nobody waits in a circle.
            for name in (web_id, sms_id):
                await self._hold(stack, name)
            web = await self._trackers.session(web_id)
            sms = await self._trackers.session(sms_id)
            is_busy = await self._queue.is_waiting(sms_id)
            now = self._clock().timestamp()
            yield carried(web, sms, now, self._word, is_busy=is_busy)

    async def _hold(self, stack: AsyncExitStack, name: str) -> None:
        lock = self._locks.lock(name, wait_time_in_seconds=LOOK_SECONDS)
        try:
            await asyncio.wait_for(stack.enter_async_context(lock), PATIENCE_SECONDS)
        except (LockError, asyncio.TimeoutError):
            raise Busy(BUSY) from None
