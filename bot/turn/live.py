"""The turn of the model that is served, which may change while turns run."""

from __future__ import annotations

from typing import TypeAlias

from bot.turn.reply import Reply
from bot.turn.turn import Turn


class LiveTurn:
    """Hands each message to the present turn; a message that is being answered stays where it is.

    Each model has a turn of its own, so no message is understood by one and answered by another.
    """

    def __init__(self, turn: Turn) -> None:
        self._turn = turn

    def use(self, turn: Turn) -> None:
        """Has every message from now on answered by another model."""
        self._turn = turn

    async def run(
        self,
        conversation_id: str,
        channel: str,
        text: str,
        message_id: str,
        again: bool = False,
        *,
        is_keyword: bool = False,
    ) -> Reply:
        """Answers a message."""
        return await self._turn.run(
            conversation_id, channel, text, message_id, again, is_keyword=is_keyword
        )

    def warning_only(self, channel: str, text: str) -> Reply | None:
        """The warning for a red flag and nothing else."""
        return self._turn.warning_only(channel, text)

    async def warning(self, channel: str, text: str) -> Reply | None:
        """As ``warning_only``, with the second opinion."""
        return await self._turn.warning(channel, text)

    def apology(self, channel: str) -> str:
        """What is said when nothing else can be."""
        return self._turn.apology(channel)


# Where the model may change, and where it never does.
AnyTurn: TypeAlias = Turn | LiveTurn
