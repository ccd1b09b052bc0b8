"""What a message finds when it comes to a booking request, and what it then means to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.booking.model import Way
from bot.booking.opening import Doors
from bot.booking.preferred import PROVINCE
from bot.booking.way import ways_to
from bot.reading import Read
from bot.reading.parsed import Fault

FIELDS = ("preferred", "name", "contact", "reason", "visit", "consent")
# Kept beside the answer to the last question, never asked for alone.
WAY = "contact_consent"


@dataclass(frozen=True)
class Reading:
    """What a message means to the request.

    Attributes:
        values: New values by field; None empties the field, so that it is asked again. No entry at
            all means that the message is about something else.
        fault: Why the answer to the question asked could not be read; None when it could, or when
            the message is no answer.
        at: The field the fault is about.
        told: What the patient should hear about it, by the names of a response's blanks.
        asks: Whether the message asks something else beside what it gives.
    """

    values: Mapping[str, str | None] = field(default_factory=dict)
    fault: Fault | None = None
    at: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True)
class Asked:
    """The state a message finds.

    Attributes:
        requested: The field last asked for; None when the request has just begun.
        about_else: Whether the message is surely about another topic the assistant knows.
        now: The present moment; aware.
        tz: The clinic's time zone.
        doors: When the clinic is open.
        province: Whose holidays are meant.
        found: What understanding read in the message; it is read now when there is none.
        kept: What the request held before the message, by field.
    """

    requested: str | None
    about_else: bool
    now: datetime
    tz: str
    doors: Doors
    province: str = PROVINCE
    found: Read | None = None
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def ways(self) -> tuple[Way, ...]:
        """How the clinic could use the contact that is kept, as the last question offers it."""
        contact = self.kept.get("contact")
        return ways_to(contact) if contact else ("text", "call")

    @property
    def today(self) -> date:
        """The day it is at the clinic."""
        return self.now.astimezone(ZoneInfo(self.tz)).date()
