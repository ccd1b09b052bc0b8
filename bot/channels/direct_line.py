"""Speaks to a patient without the database: a warning, or the apology with the clinic's number.

The one way that remains when nothing can be kept. Each message is answered this way once, however
often its provider delivers it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from bot.nlu.decision import SAFETY_GROUP, group
from bot.storage.inbox import InboxRow
from bot.storage.inbox_queue import Arrival
from bot.turn.reply import Reply

logger = logging.getLogger(__name__)
REMEMBERED = 10_000

Say = Callable[[str, str], Awaitable[object]]


class Words(Protocol):
    """What is said when nothing else can be; a turn has it."""

    def warning_only(self, channel: str, text: str) -> Reply | None:
        """The warning for a red flag; None when there is none."""

    def apology(self, channel: str) -> str:
        """The apology."""


class DirectLine:
    """Says things in the background."""

    def __init__(self, words: Words, say: Mapping[str, Say]) -> None:
        """Opens the line.

        Args:
            words: What may be said.
            say: By channel: sends a text to a conversation.
        """
        self._words = words
        self._say = say
        self._said: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._saying: set[asyncio.Task[None]] = set()

    def speak(self, arrival: Arrival) -> None:
        """Says the warning, or the apology, to whoever wrote what could not be kept."""
        warning = self._words.warning_only(arrival.channel, arrival.text)
        text = warning.messages[0].text if warning else self._words.apology(arrival.channel)
        self._once(arrival.channel, arrival.conversation_id, arrival.message_id, text)

    async def warn(self, row: InboxRow, messages: Sequence[dict[str, Any]]) -> None:
        """Says the warnings among the messages of a reply that could not be kept."""
        warnings = [m["text"] for m in messages if SAFETY_GROUP in map(group, m["answer_ids"])]
        if warnings:
            self._once(row.channel, row.conversation_id, row.message_id, "\n".join(warnings))

    async def close(self) -> None:
        """Lets what is being said be said."""
        await asyncio.gather(*self._saying, return_exceptions=True)

    def _once(self, channel: str, conversation_id: str, message_id: str, text: str) -> None:
        key = (conversation_id, message_id)
        if key in self._said or channel not in self._say:
            return
        self._said[key] = None
        if len(self._said) > REMEMBERED:
            self._said.popitem(last=False)
        task = asyncio.ensure_future(self._send(channel, conversation_id, text))
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)

    async def _send(self, channel: str, conversation_id: str, text: str) -> None:
        try:
            await self._say[channel](conversation_id, text)
        except Exception as error:
            logger.error("Nothing could be said by %s: %s", channel, type(error).__qualname__)
