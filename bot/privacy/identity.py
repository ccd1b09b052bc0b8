"""Who is meant: what a patient gives as an ID, and which conversations a channel names by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import BotError
from bot.reading.contact import parse_email, parse_phone

# Channels by what they call a patient; a new channel is one word in one of these lines.
PHONE_CHANNELS = ("sms",)
NUMBER_CHANNELS = ("messenger",)
SESSION_CHANNELS = ("web",)

# A phone number as people write it has no letters but these.
_PHONE = re.compile(r"(?:tel:)?[^A-Za-z@:]*\d(?:\s*(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)
# payload.timestamp.signature, as web sessions are signed.
_TOKEN = re.compile(r"(?:bearer\s+)?([\w-]+\.[\w-]+\.[\w-]+)", re.IGNORECASE)

ReadToken = Callable[[str], str]


class BadId(BotError):
    """What was given can be nobody's ID."""

    code = "bad_id"
    status = 422


@dataclass(frozen=True)
class PatientId:
    """Who is meant.

    Attributes:
        phone: E.164, or None.
        email: Or None.
        conversations: Those the ID itself names, whether they exist or not.
    """

    phone: str | None = None
    email: str | None = None
    conversations: tuple[str, ...] = ()

    @property
    def is_contact(self) -> bool:
        """Whether it says how to reach somebody, so that requests can be known by it."""
        return self.phone is not None or self.email is not None


def conversation_id(channel: str, name: str) -> str:
    """How every channel names a conversation: by what it calls the patient."""
    return f"{channel}:{name}"


def phone_of(conversation: str) -> str | None:
    """The phone number that names a conversation, or None where something else does."""
    channel, _, name = conversation.partition(":")
    return name if channel in PHONE_CHANNELS else None


def read_patient_id(typed: str, read_token: ReadToken) -> PatientId:
    """Reads an ID as staff type or paste it.

    Args:
        typed: A phone number in any usual form, an email address, a Messenger id, a web session's
            signed token, or a conversation's id, with its channel ("web:...") or without.
        read_token: Gives the conversation a signed token names.

    Raises:
        BadId: when it is none of these.
    """
    text = typed.strip()
    channel, colon, name = text.partition(":")
    if colon and channel.lower() != "tel":
        number = parse_phone(name).value if channel in PHONE_CHANNELS else None
        return _of_phone(number) if number else PatientId(conversations=(text,))
    if "@" in text:
        return PatientId(email=_email(text))
    if _PHONE.fullmatch(text) and (number := parse_phone(text).value):
        return _of_phone(number)
    if token := _TOKEN.fullmatch(text):
        return PatientId(conversations=(read_token(token[1]),))
    if not text or any(character.isspace() for character in text):
        raise BadId("This is no ID of a patient.", remedy=FORMS)
    channels = NUMBER_CHANNELS if text.isdecimal() else SESSION_CHANNELS
    return PatientId(conversations=tuple(conversation_id(channel, text) for channel in channels))


FORMS = (
    "Give a phone number, an email address, a Messenger id, a web session's token, or a "
    "conversation's id such as web:… or messenger:…."
)


def _of_phone(number: str) -> PatientId:
    named = tuple(conversation_id(channel, number) for channel in PHONE_CHANNELS)
    return PatientId(phone=number, conversations=named)


def _email(text: str) -> str:
    address = parse_email(text).value
    if address is None:
        raise BadId("This is no email address.", remedy=FORMS)
    return address
