"""From a message that passed the guard to its stored reply: kept, answered once, repeatable."""

from __future__ import annotations

import logging
from typing import Any

from bot.metrics import RECOVERED, TURN_SECONDS, TURNS
from bot.storage.inbox import InboxRepository, InboxRow
from bot.turn.locks import ConversationLocks
from bot.turn.turn import Turn

logger = logging.getLogger(__name__)


class Intake:
    """The one way in for every channel."""

    def __init__(self, inbox: InboxRepository, turn: Turn, locks: ConversationLocks) -> None:
        self._inbox = inbox
        self._turn = turn
        self._locks = locks

    async def handle(
        self, channel: str, conversation_id: str, message_id: str, text: str
    ) -> list[dict[str, Any]]:
        """Takes a message and answers it.

        The same message again, even while the first is still being answered, gives the same
        reply and runs nothing twice.

        Raises:
            BotError: when the message cannot be kept and holds no red flag.
        """
        try:
            return await self._answer(
                await self._inbox.take(channel, conversation_id, message_id, text)
            )
        except Exception:
            # A warning does not depend on the database, in whatever way and wherever it fails.
            if warning := self._turn.warning_only(channel, text):
                return warning.as_json()
            raise

    async def recover(self) -> int:
        """Answers what was taken and not finished before a restart.

        Returns:
            How many messages were answered.
        """
        rows = await self._inbox.unfinished()
        for row in rows:
            await self._answer(row)
            RECOVERED.inc()
        if rows:
            logger.info("Finished %d messages that a restart had interrupted.", len(rows))
        return len(rows)

    async def _answer(self, row: InboxRow) -> list[dict[str, Any]]:
        async with self._locks.hold(row.conversation_id):
            current = row if row.is_new else await self._inbox.get(row.id) or row
            if current.reply is not None:
                return current.reply
            with TURN_SECONDS.labels(row.channel).time():
                reply = await self._turn.run(
                    row.conversation_id, row.channel, row.text, row.message_id
                )
            TURNS.labels(row.channel, reply.outcome).inc()
            messages = reply.as_json()
            await self._inbox.finish(row.id, messages)
            return messages
