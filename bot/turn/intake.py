"""From a message that passed the guard to its stored reply: kept, answered once, repeatable."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from typing import Any

from bot.errors import BotError
from bot.metrics import RECOVERED, TURN_SECONDS, TURNS
from bot.storage.in_hand import in_hand
from bot.storage.inbox import InboxRepository, InboxRow, Understood
from bot.turn.deadline import within
from bot.turn.live import AnyTurn
from bot.turn.locks import ConversationLocks

logger = logging.getLogger(__name__)
POLL_SECONDS = 0.1
# A little longer than SQLite itself waits for another writer.
STORE_SECONDS = 6.0
# A warning waits less: for the database, and for all that may be added to it.
FLAGGED_STORE_SECONDS, FLAGGED_SECONDS = 2.0, 8.0


class NotAnswered(BotError):
    """A message could not be kept, or its reply could not; its sender hears the apology."""

    code = "unavailable"
    status = 503
    is_told = True


class Intake:
    """The way in where the patient waits for the reply; ``bot.turn.workers`` is the other one."""

    def __init__(
        self,
        inbox: InboxRepository,
        turn: AnyTurn,
        locks: ConversationLocks,
        patience: float = 0.0,
    ) -> None:
        """Makes the way in.

        Args:
            inbox: Keeps messages and replies.
            turn: Answers one message.
            locks: One turn at a time for each conversation of this process.
            patience: Seconds a message taken before waits for the process that may be answering
                it; 0 when there is no other process.
        """
        self._patience = patience
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
            NotAnswered: when the message cannot be kept and holds no red flag.
        """
        is_flagged = self.warning(channel, text) is not None
        seconds = FLAGGED_STORE_SECONDS if is_flagged else STORE_SECONDS
        try:
            took = self._inbox.take(channel, conversation_id, message_id, text)
            answer = self._answer(await within(took, seconds), seconds)
            return await (within(answer, FLAGGED_SECONDS) if is_flagged else answer)
        except Exception as error:
            _log(error)
            # A warning does not depend on the database, in whatever way and wherever it fails.
            if warning := await self._turn.warning(channel, text):
                return warning.as_json()
            raise NotAnswered(self._turn.apology(channel)) from None

    def warning(self, channel: str, text: str) -> list[dict[str, Any]] | None:
        """The warning for a red flag, from nothing but the tables; None when there is none."""
        reply = self._turn.warning_only(channel, text)
        return reply.as_json() if reply else None

    async def recover(self) -> int:
        """Answers what was taken on the web and not finished before a restart.

        Returns:
            How many messages were answered.
        """
        answered = 0
        for row in await self._inbox.unfinished("web"):
            try:
                await self._answer(row, STORE_SECONDS)
            except Exception as error:
                # One message that cannot be finished must not keep the others waiting.
                logger.error("A message could not be finished: %s", type(error).__qualname__)
                continue
            answered += 1
            RECOVERED.inc()
        if answered:
            logger.info("Finished %d messages that a restart had interrupted.", answered)
        return answered

    async def _answer(self, row: InboxRow, seconds: float) -> list[dict[str, Any]]:
        async with self._locks.hold(row.conversation_id):
            if not row.is_new and (reply_before := await self._reply_before(row)) is not None:
                return reply_before
            with TURN_SECONDS.labels(row.channel).time(), in_hand(row.id):
                reply = await self._turn.run(
                    row.conversation_id,
                    row.channel,
                    row.text,
                    row.message_id,
                    again=not row.is_new,
                )
            TURNS.labels(row.channel, reply.outcome).inc()
            messages = reply.as_json()
            understood = Understood(reply.outcome, reply.intent, reply.confidence)
            await within(self._inbox.finish(row.id, messages, understood), seconds)
            return messages

    async def _reply_before(self, row: InboxRow) -> list[dict[str, Any]] | None:
        """The reply another delivery of the message got, waiting for it where it may yet come."""
        give_up = time.monotonic() + self._patience
        while True:
            current = await within(self._inbox.get(row.id), STORE_SECONDS)
            if current is not None and current.reply is not None:
                return current.reply
            if time.monotonic() >= give_up:
                return None
            await asyncio.sleep(POLL_SECONDS)


def _log(error: Exception) -> None:
    # Neither the message of the error nor a chained one: they may quote the patient.
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A message could not be answered: %s\n%s", type(error).__qualname__, frames)
