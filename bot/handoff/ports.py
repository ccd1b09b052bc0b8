"""What the handoff room needs from whatever keeps its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.handoff.model import Handoff
from bot.outbox.model import Outgoing

# The letters that tell the patient of a change, made once its row is known.
Tell = Callable[[Handoff], Sequence[Outgoing]]


@dataclass(frozen=True)
class Deed:
    """What somebody did, for the audit trail.

    Attributes:
        actor: Who.
        action: What, such as ``handoff_taken``.
    """

    actor: str
    action: str


class HandoffRepository(Protocol):
    """Keeps handoffs. Everything it returns is committed."""

    async def get(self, handoff_id: int) -> Handoff | None:
        """One, open or ended; None when there is none with this number."""

    async def of_conversation(self, conversation_id: str) -> Handoff | None:
        """The open one of a conversation, or None."""

    async def open_ones(self) -> Sequence[Handoff]:
        """All that are open, the one that waits longest first."""

    async def is_taken(self, conversation_id: str) -> bool:
        """Whether a person has the conversation now."""

    async def gone_along(self, sms_id: str) -> Handoff | None:
        """The open one of a web chat that goes on by these text messages.

        Only one that began before the chat was linked; None where the text messages have an open
        one of their own.
        """

    async def add(self, handoff: Handoff, tell: Tell, deed: Deed | None = None) -> Handoff | None:
        """Keeps a new one, what is told of it and who did it: all or nothing.

        Returns:
            None when the conversation has an open one, also one that comes at the same moment.
        """

    async def change(self, after: Handoff, tell: Tell, deed: Deed | None = None) -> Handoff | None:
        """Keeps a change, what is told of it and who did it: all or nothing.

        Args:
            after: As it is to be; its version is one more than that of the kept one.
            tell: Makes the letters.
            deed: Who did it; None for what the server does by itself without a trace.

        Returns:
            None when the kept version is another one, or when the conversation it would be in has
            an open one; nothing is kept then.
        """

    async def write(self, held: Handoff, letter: Outgoing, at: datetime, deed: Deed) -> bool:
        """Keeps what staff wrote, as long as the same person still has the conversation.

        Args:
            held: As it was read; who has it counts, its version does not.
            letter: One whose key is known is not kept again, and leaves no second entry.
            at: The present moment; aware.
            deed: Who wrote.

        Returns:
            Whether the writer has the conversation.
        """

    async def overdue(self, now: datetime) -> Sequence[Handoff]:
        """Those that wait past their time."""

    async def idle(self, since: datetime) -> Sequence[Handoff]:
        """Those that are taken, and in which staff have done nothing since."""

    async def heard(self, conversation_ids: Collection[str]) -> Mapping[str, datetime]:
        """When each patient last wrote."""
