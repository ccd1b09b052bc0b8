"""What a patient is told of a request: the responses of domain.yml, one for each status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.booking.model import Booking, Status
from bot.content.yaml_file import read_mapping
from bot.outbox.model import Outgoing

TOPIC = "booking/status"
NOON = 12


# The same as the response it follows, with a link to the visit's calendar.
WITH_CALENDAR = "utter_booking_status_confirmed_calendar"


def response_of(status: Status) -> str:
    """The response that tells this status."""
    return f"utter_booking_status_{status.value}"


@dataclass(frozen=True)
class StatusWords:
    """Fills a status's response.

    Attributes:
        responses: Those of domain.yml, by name.
        zone: The clinic's time zone.
        phone: The clinic's, as patients read it.
        calendar: The link to a visit's calendar, by its reference; None: there are no links.
    """

    responses: Mapping[str, Any]
    zone: ZoneInfo
    phone: str
    calendar: Callable[[str], str] | None = None

    @classmethod
    def load(
        cls,
        domain: Path,
        timezone: str,
        phone: str,
        calendar: Callable[[str], str] | None = None,
    ) -> StatusWords:
        """Reads the responses.

        Raises:
            ContentError: when the file cannot be read.
            KeyError: when a status has no response.
        """
        responses = read_mapping(domain)["responses"]
        names = (*map(response_of, Status), WITH_CALENDAR)
        named = {name: responses[name][0] for name in names}
        return cls(named, ZoneInfo(timezone), phone, calendar)

    def response(self, booking: Booking) -> str:
        """The response that tells where a booking stands."""
        if booking.status is Status.CONFIRMED and self.calendar is not None:
            return WITH_CALENDAR
        return response_of(booking.status)

    def values(self, booking: Booking) -> dict[str, str]:
        """What fills the blanks of any phrase about a booking."""
        time = booking.time
        return {
            "reference": booking.reference,
            "preferred": booking.preferred,
            "when": readable_time(time.start, self.zone) if time else "",
            "minutes": str(time.minutes) if time else "",
            "phone": self.phone,
            "calendar": self.calendar(booking.reference) if self.calendar else "",
        }

    def letter(self, booking: Booking) -> Outgoing:
        """The message that tells the patient a booking's present status."""
        response = self.responses[self.response(booking)]
        values = self.values(booking)
        choices = [
            {"title": button["title"], "text": button["payload"].format_map(values)}
            for button in response.get("buttons", ())
        ]
        return Outgoing(
            idempotency_key=f"booking/{booking.reference}/{booking.version}",
            channel=booking.channel,
            conversation_id=booking.conversation_id,
            kind=f"booking_{booking.status.value}",
            body=response["text"].strip().format_map(values),
            detail={"answer_ids": [TOPIC], "choices": choices, "source": ""},
        )


def readable_time(moment: datetime, zone: ZoneInfo) -> str:
    """In the zone, as in "Friday 4 December 2026 at 10:00 am"."""
    local = moment.astimezone(zone)
    half = "am" if local.hour < NOON else "pm"
    hour = local.hour % NOON or NOON
    return f"{local:%A} {local.day} {local:%B %Y} at {hour}:{local:%M} {half}"
