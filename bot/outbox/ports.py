"""What the dispatcher needs: where letters are kept, and one sender for each channel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import BotError
from bot.outbox.model import Letter, State


class Refused(BotError):
    """The provider will never take this letter, such as for a number that opted out."""

    code = "letter_refused"


class Sender(Protocol):
    """Sends the letters of one channel; a file of its own under ``bot/channels``."""

    channel: str

    async def send(self, letter: Letter) -> None:
        """Hands a letter to the provider; returns when the provider has taken it.

        A crash may make the same letter come twice: pass its ``idempotency_key`` on where the
        provider knows such a thing.

        Raises:
            Refused: when trying again is of no use.
            Exception: any other; it is tried again later.
        """


class OutboxRepository(Protocol):
    """Keeps letters. New ones are kept together with what they tell, by its own repository."""

    async def claim(
        self, channels: Collection[str], now: datetime, lease: timedelta, limit: int
    ) -> Sequence[Letter]:
        """Takes letters that are due, oldest first, each for one dispatcher.

        A claimed letter counts one more attempt and is due again after the lease: whoever dies
        with it in hand leaves it to the next.
        """

    async def settle(
        self, letter_id: int, state: State, at: datetime, fault: str | None = None
    ) -> None:
        """Writes down how an attempt ended.

        Args:
            letter_id: Which letter.
            state: ``SENT``, ``FAILED`` or ``DEAD``.
            at: When it was sent, or when a failed one is due again; aware.
            fault: The kind of failure.
        """

    async def of_conversation(self, conversation_id: str) -> Sequence[Letter]:
        """Every letter of a conversation, oldest first."""
