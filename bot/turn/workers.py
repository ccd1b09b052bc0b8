"""Answers what providers delivered, after they were told "ok": one message at a time each.

A conversation with unanswered messages has one worker, and all of its messages are answered in the
order in which they came. What a process died with is taken up again by the next look.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bot.metrics import RECOVERED
from bot.outbox import Outgoing
from bot.periodic import wait_for_call
from bot.storage.in_hand import in_hand
from bot.storage.inbox import InboxRepository, InboxRow
from bot.storage.inbox_queue import Claimed, InboxQueue
from bot.turn.answering import Answering
from bot.turn.places import Places

logger = logging.getLogger(__name__)
# Conversations worked on at once: more would only make webhooks wait for the processor.
MAX_AT_WORK = 4
# A conversation that takes longer waits for something else, and gives its place to another.
STALLED_SECONDS = 1.0
# Webhooks without end must not keep patients waiting.
GIVE_WAY_SECONDS = 0.5
# A claim outlives the longest turn by this many seconds.
CLAIM_SPARE = 30.0

Compose = Callable[[InboxRow, Sequence[dict[str, Any]], bool], Sequence[Outgoing]]
Begun = Callable[[InboxRow], None]
InDanger = Callable[[InboxRow, Sequence[dict[str, Any]]], Awaitable[None]]


class Workers:
    """Wakes a worker for each conversation that waits."""

    def __init__(
        self,
        queue: InboxQueue,
        inbox: InboxRepository,
        answering: Answering,
        compose: dict[str, Compose],
        *,
        deadline: float,
        post: Callable[[str], None],
        begun: Begun | None = None,
        in_danger: InDanger | None = None,
    ) -> None:
        """Makes the workers.

        Args:
            queue: Where the messages wait.
            inbox: Keeps replies.
            answering: Answers one message.
            compose: By channel: the letters that carry a reply.
            deadline: Of a turn, in seconds.
            post: Told of the channel that has new letters.
            begun: Told of each message whose turn begins.
            in_danger: Sends a warning at once where it cannot be kept.
        """
        self._queue = queue
        self._inbox = inbox
        self._answering = answering
        self._compose = compose
        self._lease = timedelta(seconds=deadline + CLAIM_SPARE)
        self._post = post
        self._begun = begun
        self._in_danger = in_danger
        self._places = Places(MAX_AT_WORK)
        self._working: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._arriving = 0
        self._way_is_free = asyncio.Event()
        self._way_is_free.set()

    @property
    def channels(self) -> list[str]:
        """The channels whose messages are answered here."""
        return list(self._compose)

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """While messages are being kept, no turn begins: a provider waits for its "ok"."""
        self._arriving += 1
        self._way_is_free.clear()
        try:
            yield
        finally:
            self._arriving -= 1
            if not self._arriving:
                self._way_is_free.set()

    def wake(self, conversation_ids: Iterable[str]) -> None:
        """Sees to it that somebody answers what waits in these conversations."""
        for conversation_id in conversation_ids:
            if conversation_id in self._working:
                self._again.add(conversation_id)
                continue
            task = asyncio.ensure_future(self._work(conversation_id))
            self._working[conversation_id] = task

    async def look(self) -> None:
        """Wakes workers for all that nobody works on: after a crash, or by another process."""
        self.wake(await self._queue.waiting(self.channels))

    async def recover(self) -> None:
        """Takes up what an earlier process died with; for a process that is the only one."""
        if held := await self._queue.release(self.channels):
            logger.info("Took up %d messages that a restart had interrupted.", held)
        await self.look()

    async def stop(self) -> None:
        """Ends all work; what is not finished stays claimed until its lease is over."""
        tasks = list(self._working.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def idle(self) -> None:
        """Waits until nobody works."""
        while self._working:
            await asyncio.wait(list(self._working.values()))

    async def _work(self, conversation_id: str) -> None:
        try:
            async with self._places.take(STALLED_SECONDS):
                while True:
                    self._again.discard(conversation_id)
                    await self._give_way()
                    while claimed := await self._queue.claim(conversation_id, self._lease):
                        if not await self._finished(claimed):
                            return
                        await self._give_way()
                    if conversation_id not in self._again:
                        return
        except Exception as error:
            # Such as a database that is down: the next look takes it up again.
            logger.error("A conversation's work stopped: %s", type(error).__qualname__)
        finally:
            self._working.pop(conversation_id, None)

    async def _give_way(self) -> None:
        if self._way_is_free.is_set():
            return
        await wait_for_call(self._way_is_free, GIVE_WAY_SECONDS)

    async def _finished(self, claimed: Claimed) -> bool:
        """Answers a message and keeps the answer with its letters; False when it must wait."""
        row = claimed.row
        if self._begun is not None:
            self._begun(row)
        messages: list[dict[str, Any]] = []
        try:
            with in_hand(row.id):
                messages, understood = await self._answering.answer(row)
            letters = self._compose[row.channel](row, messages, claimed.is_first)
            await self._inbox.finish(row.id, messages, understood, letters)
        except Exception as error:
            _log(error)
            if self._in_danger is not None:
                await self._in_danger(row, messages or self._answering.apology(row))
            return False
        if row.attempts > 1:
            RECOVERED.inc()
        if letters:
            self._post(row.channel)
        return True


def _log(error: Exception) -> None:
    # Neither the message of the error nor a chained one: they may quote the patient.
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A message could not be answered: %s\n%s", type(error).__qualname__, frames)
