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


class Later(BotError):
    """The provider did not take this letter now, and may later.

    Attributes:
        seconds: When it asks to be tried again; None when it does not say.
    """

    code = "letter_later"

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Unknown(BotError):
    """The provider may or may not have taken this letter: its answer did not come."""

    code = "letter_unknown"


class Sender(Protocol):
    """Sends the letters of one channel; a file of its own under ``bot/channels``.

    With an attribute ``ordered`` that is true, letters of a conversation leave one after the other,
    and one that may have been sent is repeated once at most.
    """

    channel: str

    async def send(self, letter: Letter) -> str | None:
        """Hands a letter to the provider; returns when the provider has taken it.

        A crash may make the same letter come twice: pass its ``idempotency_key`` on where the
        provider knows such a thing.

        Returns:
            What the provider calls it, if it has a name.

        Raises:
            Refused: when trying again is of no use.
            Unknown: when it may have been taken; it is tried once more.
            Exception: any other; it is tried again later.
        """


class OutboxRepository(Protocol):
    """Keeps letters. New ones are kept together with what they tell, by its own repository."""

    async def claim(
        self,
        channels: Collection[str],
        now: datetime,
        lease: timedelta,
        limit: int,
        ordered: Collection[str] = (),
    ) -> Sequence[Letter]:
        """Takes letters that are due, oldest first, each for one dispatcher.

        A claimed letter counts one more attempt and is due again after the lease: whoever dies
        with it in hand leaves it to the next. Its attempt stays open until it is settled.

        Args:
            channels: Whose letters.
            now: Aware.
            lease: How long the dispatcher may take.
            limit: At most so many.
            ordered: Channels in which no letter overtakes an earlier one of its conversation that
                still waits; a warning always may.
        """

    async def settle(
        self,
        letter_id: int,
        state: State,
        at: datetime,
        fault: str | None = None,
        *,
        provider_id: str | None = None,
        is_known: bool = True,
    ) -> None:
        """Writes down how an attempt ended.

        Args:
            letter_id: Which letter.
            state: ``SENT``, ``FAILED`` or ``DEAD``.
            at: When it was sent, or when a failed one is due again; aware.
            fault: The kind of failure.
            provider_id: What the provider calls it.
            is_known: False when the provider may have taken it all the same.
        """

    async def release(self, channels: Collection[str], now: datetime) -> int:
        """Makes due at once what others died with; for a process that is the only one.

        Returns:
            How many letters that were.
        """

    async def of_conversation(self, conversation_id: str) -> Sequence[Letter]:
        """Every letter of a conversation, oldest first."""
