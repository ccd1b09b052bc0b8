"""What a patient asked for, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal

from bot.errors import BotError

Visit = Literal["first", "returning"]
Wish = Literal["change", "cancel"]
# How the clinic may contact a patient.
Way = Literal["text", "call", "email"]


class Status(str, Enum):
    """Where a booking stands. A request becomes an appointment only when staff confirm it."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class BookingNotFound(BotError):
    """No booking has this reference."""

    code = "booking_not_found"
    status = 404


class ReferenceTaken(BotError):
    """Another booking already has this reference; the service draws a new one."""

    code = "reference_taken"
    status = 409


@dataclass(frozen=True)
class BookingRequest:
    """What the patient asked for, in the patient's own words.

    Attributes:
        name: Who the visit is for, in any script.
        reason: What the visit is about.
        preferred: Days and times that suit.
        visit: Whether it is a first visit.
        consent: Whether the patient agreed to the clinic keeping this.
        phone: E.164, or None.
        email: Or None; one of the two is needed to answer the patient.
        contact_consent: How the patient agreed to be contacted; None where nobody asked.
    """

    name: str
    reason: str
    preferred: str
    visit: Visit
    consent: bool
    phone: str | None = None
    email: str | None = None
    contact_consent: Way | None = None


@dataclass(frozen=True)
class Booking(BookingRequest):
    """A stored request.

    Attributes:
        reference: The short code the patient is told, for example "B7K-3QD".
        conversation_id: The conversation it was asked in.
        channel: Where that was: web, sms or messenger.
        status: Where it stands.
        created_at: Aware.
        updated_at: Aware; the last change of any kind.
    """

    reference: str = field(kw_only=True)
    conversation_id: str = field(kw_only=True)
    channel: str = field(kw_only=True)
    status: Status = field(kw_only=True)
    created_at: datetime = field(kw_only=True)
    updated_at: datetime = field(kw_only=True)


@dataclass(frozen=True)
class BookingEvent:
    """One thing that happened to a booking.

    Attributes:
        at: When; aware.
        actor: Who did it: "patient" or a staff name.
        change: What happened: "requested", "change" or "cancel".
        detail: More about it, such as the patient's words under "text".
    """

    at: datetime
    actor: str
    change: str
    detail: Mapping[str, Any]
