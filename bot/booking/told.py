"""What a patient is told of a request: the responses of domain.yml, one for each status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.booking.model import Booking, Status
from bot.content.yaml_file import read_mapping
from bot.outbox.model import Outgoing

TOPIC = "booking/status"
NOON = 12


# Statuses whose words have a second form, with this link in it, where there is such a link.
LINKED = {
    Status.CONFIRMED: "calendar",
    Status.DECLINED: "scheduler",
    Status.EXPIRED: "scheduler",
}
REMINDED_BY = "sms"
REMINDER = "utter_booking_reminder"
SUBJECT = "utter_booking_email_subject"
NOTE = "utter_booking_email_note"
Link = Callable[[Booking], str]


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
        links: What makes a ``calendar`` link and a ``scheduler`` link, where there are such.
    """

    responses: Mapping[str, Any]
    zone: ZoneInfo
    phone: str
    links: Mapping[str, Link] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        domain: Path,
        timezone: str,
        phone: str,
        links: Mapping[str, Link] | None = None,
    ) -> StatusWords:
        """Reads the responses.

        Raises:
            ContentError: when the file cannot be read.
            KeyError: when a status has no response.
        """
        responses = read_mapping(domain)["responses"]
        linked = (f"{response_of(status)}_{link}" for status, link in LINKED.items())
        names = (*map(response_of, Status), *linked, REMINDER, SUBJECT, NOTE)
        named = {name: responses[name][0] for name in names}
        return cls(named, ZoneInfo(timezone), phone, links or {})

    def response(self, booking: Booking) -> str:
        """The response that tells where a booking stands."""
        link = LINKED.get(booking.status)
        plain = response_of(booking.status)
        return f"{plain}_{link}" if link in self.links else plain

    def link(self, name: str, booking: Booking) -> str:
        """A link about a booking; empty where there is no such link."""
        return self.links[name](booking) if name in self.links else ""

    def values(self, booking: Booking) -> dict[str, str]:
        """What fills the blanks of any phrase about a booking."""
        time = booking.time
        return {
            "reference": booking.reference,
            "preferred": booking.preferred,
            "when": readable_time(time.start, self.zone) if time else "",
            "minutes": str(time.minutes) if time else "",
            "phone": self.phone,
            **{name: self.link(name, booking) for name in LINKED.values()},
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
            body=self._filled(self.response(booking), booking),
            detail={"answer_ids": [TOPIC], "choices": choices, "source": ""},
        )

    def reminder(self, booking: Booking) -> Outgoing:
        """The text message that reminds of a visit; one for each time it is to be at."""
        start = booking.starts_at.astimezone(timezone.utc).isoformat() if booking.starts_at else ""
        return Outgoing(
            idempotency_key=reminder_key(booking.reference) + start,
            channel=REMINDED_BY,
            conversation_id=booking.conversation_id,
            kind="booking_reminder",
            body=self._filled(REMINDER, booking),
            detail={"to": booking.phone},
        )

    def subject(self, booking: Booking) -> str:
        """The subject of an email about a booking."""
        return self._filled(SUBJECT, booking)

    def email(self, booking: Booking) -> str:
        """What an email says of a booking's present status."""
        parts = (self._filled(name, booking) for name in (self.response(booking), NOTE))
        return "\n\n".join(parts) + "\n"

    def _filled(self, name: str, booking: Booking) -> str:
        return str(self.responses[name]["text"]).strip().format_map(self.values(booking))


def reminder_key(reference: str) -> str:
    """The beginning of the keys of a request's reminders."""
    return f"reminder/{reference}/"


def readable_time(moment: datetime, zone: ZoneInfo) -> str:
    """In the zone, as in "Friday 4 December 2026 at 10:00 am"."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y} at {readable_clock(local.time())}"


def readable_clock(moment: time) -> str:
    """A time of day, as in "10:00 am"."""
    half = "am" if moment.hour < NOON else "pm"
    return f"{moment.hour % NOON or NOON}:{moment:%M} {half}"
