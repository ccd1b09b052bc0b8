"""One dispatcher for each channel, so that a provider that is slow keeps no other waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial

from bot.outbox.dispatcher import Dispatcher, OnDead
from bot.outbox.ports import OutboxRepository, Sender
from bot.periodic import once, wait_for_call

# How often letters are looked for that nobody called for: those due again, or kept elsewhere.
LOOK_SECONDS = 2.0


class PostOffice:
    """Sends letters while the server runs."""

    def __init__(
        self,
        outbox: OutboxRepository,
        senders: Iterable[Sender],
        clock: Callable[[], datetime],
        on_dead: OnDead | None = None,
    ) -> None:
        """Makes the office; the arguments are those of ``Dispatcher``."""
        self._outbox = outbox
        self._clock = clock
        self._counters = {
            sender.channel: (Dispatcher(outbox, [sender], clock, on_dead), asyncio.Event())
            for sender in senders
        }

    @property
    def channels(self) -> frozenset[str]:
        """The channels that can send."""
        return frozenset(self._counters)

    def call(self, channel: str) -> None:
        """Says that there is a new letter, so that nobody has to wait for the next look."""
        if channel in self._counters:
            self._counters[channel][1].set()

    async def release(self) -> int:
        """Takes up what an earlier process died with; for a process that is the only one."""
        return await self._outbox.release(self.channels, self._clock())

    def tasks(self) -> list[Callable[[], Awaitable[None]]]:
        """The work of each channel; every one runs until it is cancelled."""
        return [partial(_send, dispatcher, call) for dispatcher, call in self._counters.values()]


async def _send(dispatcher: Dispatcher, call: asyncio.Event) -> None:
    while True:
        call.clear()
        await once(dispatcher.run_once)
        await wait_for_call(call, LOOK_SECONDS)
