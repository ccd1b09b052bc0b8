"""What a patient asked for, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Literal

from bot.errors import BotError

Visit = Literal["first", "returning"]
# How the clinic may contact a patient.
Way = Literal["text", "call", "email"]


class Status(str, Enum):
    """Where a request stands; ``bot.booking.transitions`` says what may follow on what."""

    RECEIVED = "received"
    SEEN = "seen"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_live(self) -> bool:
        """Whether it may still become, or is, a visit."""
        return self in LIVE


LIVE = frozenset({Status.RECEIVED, Status.SEEN, Status.PROPOSED, Status.CONFIRMED})


class BookingNotFound(BotError):
    """No booking has this reference."""

    code = "booking_not_found"
    status = 404


class ReferenceTaken(BotError):
    """Another booking already has this reference; the service draws a new one."""

    code = "reference_taken"
    status = 409


class BookingChanged(BotError):
    """Somebody else changed the booking since it was read."""

    code = "booking_changed"
    status = 409


@dataclass(frozen=True)
class VisitTime:
    """When a visit is to be.

    Attributes:
        start: Aware.
        minutes: How long it takes.
    """

    start: datetime
    minutes: int

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise ValueError("A visit's time needs a time zone.")
        if self.minutes <= 0:
            raise ValueError("A visit takes at least a minute.")

    @property
    def end(self) -> datetime:
        """Aware, in the zone of the start."""
        return self.start + timedelta(minutes=self.minutes)


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
        version: 1 at first, one more with each change.
        last_day: The last day the patient wished, or None when the wish is open.
        starts_at: Aware; the time the clinic proposes, or the agreed one; else None.
        minutes: How long the visit takes; None with ``starts_at``.
    """

    reference: str = field(kw_only=True)
    conversation_id: str = field(kw_only=True)
    channel: str = field(kw_only=True)
    status: Status = field(kw_only=True)
    created_at: datetime = field(kw_only=True)
    updated_at: datetime = field(kw_only=True)
    version: int = field(kw_only=True, default=1)
    last_day: date | None = field(kw_only=True, default=None)
    starts_at: datetime | None = field(kw_only=True, default=None)
    minutes: int | None = field(kw_only=True, default=None)

    @property
    def time(self) -> VisitTime | None:
        """The proposed or agreed time; None while there is none."""
        if self.starts_at is None or self.minutes is None:
            return None
        return VisitTime(self.starts_at, self.minutes)


@dataclass(frozen=True)
class BookingEvent:
    """One thing that happened to a booking.

    Attributes:
        at: When; aware.
        actor: Who did it, as ``str(Actor)`` gives it.
        change: The new status, or ``change`` for a wish to move the visit.
        detail: More about it, such as somebody's words under "text".
        old: The status before; None for the first event.
        new: The status after; the same as before for a wish.
    """

    at: datetime
    actor: str
    change: str
    detail: Mapping[str, Any]
    old: Status | None = None
    new: Status = Status.RECEIVED
