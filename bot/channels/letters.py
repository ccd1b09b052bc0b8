"""The letters that carry a reply: one for each message that a provider is handed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.messenger_text import messenger_texts
from bot.channels.sms_text import menu_of, sms_texts
from bot.nlu.decision import SAFETY_GROUP, group
from bot.outbox import REPLY, WARNING, Outgoing, reply_key
from bot.storage.inbox import InboxRow

# In detail: the body is as the provider gets it, its choices and all.
READY = "is_ready"
Message = dict[str, Any]


@dataclass(frozen=True)
class SmsLetters:
    """Composes texts.

    Attributes:
        notice: The words of the first contact.
    """

    notice: str

    def __call__(
        self, row: InboxRow, messages: Sequence[Message], is_first: bool
    ) -> tuple[Outgoing, ...]:
        """The letters of a reply, in the order in which they are sent."""
        return _letters(row, messages, is_first, self._texts)

    def _texts(self, message: Message, is_last: bool, is_first: bool) -> list[str]:
        # One menu a reply: a number must mean one thing.
        choices = message["choices"] if is_last else []
        notice = self.notice if is_first and is_last else ""
        return sms_texts(message["text"], choices, notice, asks=message.get("asks", True))


@dataclass(frozen=True)
class MessengerLetters:
    """Composes Messenger messages; see ``SmsLetters``."""

    notice: str

    def __call__(
        self, row: InboxRow, messages: Sequence[Message], is_first: bool
    ) -> tuple[Outgoing, ...]:
        """The letters of a reply, in the order in which they are sent."""
        return _letters(row, messages, is_first, self._texts)

    def _texts(self, message: Message, is_last: bool, is_first: bool) -> list[str]:
        source = f"\n\nSource: {message['source']}" if message.get("source") else ""
        notice = self.notice if is_first and is_last else ""
        return messenger_texts(message["text"] + source, notice)


def _letters(
    row: InboxRow,
    messages: Sequence[Message],
    is_first: bool,
    texts: Callable[[Message, bool, bool], list[str]],
) -> tuple[Outgoing, ...]:
    bodies: list[tuple[str, Message, bool]] = []
    for message in messages:
        is_last = message is messages[-1]
        parts = texts(message, is_last, is_first)
        bodies += [(part, message, is_last and part is parts[-1]) for part in parts]
    return tuple(_numbered(row, bodies))


def _numbered(row: InboxRow, bodies: Sequence[tuple[str, Message, bool]]) -> Iterator[Outgoing]:
    for number, (body, message, offers) in enumerate(bodies, 1):
        warns = any(group(topic) == SAFETY_GROUP for topic in message["answer_ids"])
        choices = message["choices"] if offers else []
        if row.channel == "sms" and choices and menu_of(choices) not in body:
            # Not shown, so no number means one of them.
            choices = []
        yield Outgoing(
            idempotency_key=reply_key(row.id, number),
            channel=row.channel,
            conversation_id=row.conversation_id,
            kind=WARNING if warns else REPLY,
            body=body,
            detail={
                "answer_ids": message["answer_ids"],
                "choices": choices,
                "source": message["source"],
                READY: True,
            },
        )
