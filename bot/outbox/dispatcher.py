"""Hands letters to their senders: again after a failure, ever later, and not for ever."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from bot.outbox.model import Letter, State
from bot.outbox.ports import OutboxRepository, Refused, Sender

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# With these waits, about three hours.
MAX_ATTEMPTS = 10
# Longer than any provider takes to answer.
LEASE = timedelta(minutes=2)
BATCH = 50

OnDead = Callable[[Letter], Awaitable[object]]


def wait_after(attempts: int) -> timedelta:
    """How long a letter waits after so many attempts: twice as long each time."""
    doubled = FIRST_WAIT * (1 << min(attempts - 1, 20))
    return min(doubled, LONGEST_WAIT)


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
        self._clock = clock
        self._on_dead = on_dead

    async def run_once(self) -> int:
        """Sends what is due.

        Returns:
            How many letters were sent.
        """
        sent = 0
        while True:
            claimed = await self._outbox.claim(self._senders, self._clock(), LEASE, BATCH)
            sent += sum([await self._deliver(letter) for letter in claimed])
            if len(claimed) < BATCH:
                return sent

    async def _deliver(self, letter: Letter) -> bool:
        try:
            await self._senders[letter.channel].send(letter)
        except Refused as error:
            await self._give_up(letter, error.code)
        except Exception as error:
            await self._failed(letter, type(error).__qualname__)
        else:
            await self._outbox.settle(letter.id, State.SENT, self._clock())
            return True
        return False

    async def _failed(self, letter: Letter, fault: str) -> None:
        if letter.attempts >= MAX_ATTEMPTS:
            await self._give_up(letter, fault)
            return
        due = self._clock() + wait_after(letter.attempts)
        await self._outbox.settle(letter.id, State.FAILED, due, fault)

    async def _give_up(self, letter: Letter, fault: str) -> None:
        logger.error("A %s message could not be sent and is given up: %s.", letter.channel, fault)
        await self._outbox.settle(letter.id, State.DEAD, self._clock(), fault)
        if self._on_dead is not None:
            await self._on_dead(letter)
