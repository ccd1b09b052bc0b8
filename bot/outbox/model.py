"""A message that waits to be sent, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

# The kinds of letters that answer a message; nothing is held back by others before a warning.
REPLY, WARNING = "reply", "warning"
_REPLY_KEY = re.compile(rf"{REPLY}/(\d+)/")


def reply_key(inbox_id: int, number: int) -> str:
    """The key of a letter that carries a part of the reply to a message.

    Args:
        inbox_id: The message's number.
        number: The part's, from 1.
    """
    return f"{REPLY}/{inbox_id}/{number}"


class State(str, Enum):
    """Where a message stands: ``failed`` is tried again, ``dead`` is not."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True)
class Outgoing:
    """A message to a patient.

    Attributes:
        idempotency_key: The same key is the same message, kept and sent once.
        channel: web, sms or messenger; decides who sends it.
        conversation_id: Whose; the channel's sender knows the address from it.
        kind: What it tells, such as ``booking_confirmed``.
        body: The words, as the patient reads them.
        detail: ``answer_ids`` and ``choices`` as a reply has them, for channels that show them;
            ``to`` when the address is not the conversation's own; ``subject`` of an email.
    """

    idempotency_key: str
    channel: str
    conversation_id: str
    kind: str
    body: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter(Outgoing):
    """A kept message.

    Attributes:
        id: Grows in the order of keeping.
        state: Where it stands.
        attempts: How often it was handed to a sender.
        created_at: Aware.
        next_at: Aware; not tried before.
        sent_at: Aware; None until a sender took it.
        fault: The kind of the last failure; never a patient's words.
        provider_id: What the provider calls it; None before a sender took it.
        open_attempts: How many attempts ended without anybody knowing how, this one not counted.
    """

    id: int = field(kw_only=True)
    state: State = field(kw_only=True)
    attempts: int = field(kw_only=True)
    created_at: datetime = field(kw_only=True)
    next_at: datetime = field(kw_only=True)
    sent_at: datetime | None = field(kw_only=True, default=None)
    fault: str | None = field(kw_only=True, default=None)
    provider_id: str | None = field(kw_only=True, default=None)
    open_attempts: int = field(kw_only=True, default=0)

    @property
    def answers(self) -> int | None:
        """The number of the message whose reply it carries; None when it carries none."""
        found = _REPLY_KEY.match(self.idempotency_key)
        return int(found[1]) if found else None
