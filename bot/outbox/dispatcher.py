"""Hands letters to their senders: again after a failure, ever later, and not for ever."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.metrics import LETTERS, REPEATED
from bot.outbox.model import Letter, State
from bot.outbox.ports import Later, OutboxRepository, Refused, Sender, Unknown

logger = logging.getLogger(__name__)

# Patients wait for a reply: the first tries follow quickly.
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
# With these waits, about three hours.
MAX_ATTEMPTS = 14
# Longer than any provider takes to answer.
LEASE = timedelta(minutes=2)
# How many letters are on their way at once; a provider that is slow holds up no more.
MAX_IN_FLIGHT = 20
# A letter to a patient that may have been sent is sent once more; then a person has to look.
MAX_OPEN_ATTEMPTS = 2
# How long letters on their way are waited for when the server stops.
STOP_SECONDS = 5.0

OnDead = Callable[[Letter], Awaitable[object]]


def wait_after(attempts: int, asked: float | None = None) -> timedelta:
    """How long a letter waits after so many attempts: twice as long each time.

    Args:
        attempts: How often it was tried.
        asked: Seconds the provider asks to be left alone for; never less than that, but for more
            than the longest wait.
    """
    doubled = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    return max(doubled, min(timedelta(seconds=asked or 0), LONGEST_WAIT))


class Dispatcher:
    """Knows the senders; one call of ``run_once`` empties what is due."""

    def __init__(
        self,
        outbox: OutboxRepository,
        senders: Iterable[Sender],
        clock: Callable[[], datetime],
        on_dead: OnDead | None = None,
    ) -> None:
        """Makes a dispatcher.

        Args:
            outbox: Where the letters are.
            senders: One for each channel that can send; letters of other channels stay pending.
            clock: The present moment; aware.
            on_dead: Told of each letter that is given up.
        """
        self._outbox = outbox
        self._senders = {sender.channel: sender for sender in senders}
        self._ordered = [s.channel for s in self._senders.values() if getattr(s, "ordered", False)]
        self._clock = clock
        self._on_dead = on_dead

    async def run_once(self) -> int:
        """Sends what is due, many letters at a time.

        Returns:
            How many letters were sent.
        """
        sent = 0
        on_the_way: set[asyncio.Task[bool]] = set()
        try:
            while True:
                room = MAX_IN_FLIGHT - len(on_the_way)
                for letter in await self._claim(room):
                    on_the_way.add(asyncio.ensure_future(self._deliver(letter)))
                if not on_the_way:
                    return sent
                done, on_the_way = await asyncio.wait(
                    on_the_way, return_when=asyncio.FIRST_COMPLETED
                )
                sent += sum([await task for task in done])
        finally:
            await _settled(on_the_way)

    async def _claim(self, room: int) -> Iterable[Letter]:
        if not room:
            return ()
        now = self._clock()
        return await self._outbox.claim(self._senders, now, LEASE, room, self._ordered)

    async def _deliver(self, letter: Letter) -> bool:
        if letter.channel in self._ordered and letter.open_attempts >= MAX_OPEN_ATTEMPTS:
            await self._give_up(letter, Unknown.code)
            return False
        if letter.open_attempts:
            REPEATED.labels(letter.channel).inc()
        try:
            provider_id = await self._senders[letter.channel].send(letter)
        except Refused as error:
            await self._give_up(letter, error.code)
        except Unknown as error:
            await self._failed(letter, error.code, is_known=False)
        except Later as error:
            await self._failed(letter, error.code, asked=error.seconds)
        except Exception as error:
            await self._failed(letter, type(error).__qualname__)
        else:
            now = self._clock()
            await self._outbox.settle(letter.id, State.SENT, now, provider_id=provider_id)
            LETTERS.labels(letter.channel, State.SENT.value).inc()
            return True
        return False

    async def _failed(
        self, letter: Letter, fault: str, asked: float | None = None, is_known: bool = True
    ) -> None:
        if letter.attempts >= MAX_ATTEMPTS:
            await self._give_up(letter, fault)
            return
        due = self._clock() + wait_after(letter.attempts, asked)
        await self._outbox.settle(letter.id, State.FAILED, due, fault, is_known=is_known)
        LETTERS.labels(letter.channel, State.FAILED.value).inc()

    async def _give_up(self, letter: Letter, fault: str) -> None:
        logger.error("A %s message could not be sent and is given up: %s.", letter.channel, fault)
        # First: whoever dies in between leaves the letter to the next, and staff hear of it twice.
        if self._on_dead is not None:
            await self._on_dead(replace(letter, state=State.DEAD, fault=fault))
        await self._outbox.settle(letter.id, State.DEAD, self._clock(), fault)
        LETTERS.labels(letter.channel, State.DEAD.value).inc()


async def _settled(tasks: set[asyncio.Task[bool]]) -> None:
    """Lets what is on its way arrive when the server stops; what does not stays claimed."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
