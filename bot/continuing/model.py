"""What a code, a link and a carried dialogue are, and how a proof can fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.errors import BotError
from bot.guard.refusals import TooFast
from bot.privacy.identity import phone_of

LIFETIME = timedelta(minutes=10)
# A code that was guessed so often is worth nothing any more.
MAX_TRIES = 5
Event = Mapping[str, Any]


class NotTextable(BotError):
    """What was typed is no number that the clinic can text."""

    code = "not_textable"
    status = 422


class NoCode(BotError):
    """No code was asked for in this conversation."""

    code = "no_code"
    status = 409


class WrongCode(BotError):
    """The code is another one."""

    code = "wrong_code"
    status = 422


class CodeTooOld(BotError):
    """The code's time is over."""

    code = "code_too_old"
    status = 410


class CodeSpent(BotError):
    """The code was typed wrong too often; the right one is refused as well."""

    code = "code_spent"
    status = 410


class Busy(BotError):
    """One of the two conversations is being answered for too long."""

    code = "unavailable"
    status = 503
    is_told = True


class TooManyCodes(TooFast):
    """So many codes were asked for that the next one has to wait."""

    code = "too_many_codes"

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.message = "Too many codes were asked for. Please wait, or call the clinic."


@dataclass(frozen=True)
class Limit:
    """At most so many codes in a time.

    Attributes:
        count: How many.
        window: In which time.
    """

    count: int
    window: timedelta


HOUR = timedelta(hours=1)
# Told to whoever asks, since they say nothing about any phone.
PER_CONVERSATION = Limit(3, HOUR)
PER_CLIENT = Limit(20, HOUR)
# Of the whole clinic, so that nobody can have it send texts without end at its own cost.
OVERALL = Limit(100, HOUR)
# Never told: over them a code is not sent, and the answer is the same.
PER_PHONE = (Limit(4, HOUR), Limit(6, timedelta(days=1)))


@dataclass(frozen=True)
class PhoneCode:
    """A code as it is kept.

    Attributes:
        conversation_id: The web chat it was asked for in.
        phone: E.164; None once the code is used or over.
        phone_mark: The phone's keyed hash, for counting.
        client_mark: The same of the asker's network address; None where nobody knows it.
        code_mark: The keyed hash of the code in this conversation; None once it is over.
        created_at: Aware.
        expires_at: Aware.
        id: Grows in the order of asking; 0 before it is kept.
        tries: How often one was typed.
        used_at: When it proved the phone; None before.
    """

    conversation_id: str
    phone: str | None
    phone_mark: str
    client_mark: str | None
    code_mark: str | None
    created_at: datetime
    expires_at: datetime
    id: int = 0
    tries: int = 0
    used_at: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """What may be said of a code that was asked for; the same for every number.

    Attributes:
        phone: E.164.
        expires_at: Aware.
    """

    phone: str
    expires_at: datetime


class Proof(Enum):
    """What became of a right code: it linked, it had linked before, or it ended meanwhile."""

    LINKED = "linked"
    BEFORE = "before"
    OVER = "over"


@dataclass(frozen=True)
class Link:
    """A web chat and the text messages of a phone that was proved in it.

    Attributes:
        conversation_id: The web chat.
        sms_id: The conversation by text message.
        linked_at: Of the last proof; aware.
    """

    conversation_id: str
    sms_id: str
    linked_at: datetime

    @property
    def phone(self) -> str:
        """E.164."""
        return phone_of(self.sms_id) or ""


@dataclass(frozen=True)
class Carried:
    """What of a web chat's dialogue goes on by text message.

    Attributes:
        question: The form's pending question, or how to take a request on hold up again; else "".
        choices: The question's choices, each with ``title`` and ``text``.
        arriving: Rasa events for the conversation by text message.
        leaving: Rasa events for the web chat.
        has_request: Whether a request that was under way goes along.
    """

    question: str = ""
    choices: Sequence[Mapping[str, str]] = ()
    arriving: Sequence[Event] = ()
    leaving: Sequence[Event] = ()
    has_request: bool = False
