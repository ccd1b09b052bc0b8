"""Confirmed visits for a calendar, as iCalendar (RFC 5545).

Nothing of the patient's is in it: a calendar is often shared. A visit that moved or was called off
has the same UID and a higher SEQUENCE, so a calendar that has it changes it. It is published and
not an invitation that asks for an answer: an answer by email would go past the booking desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone

from icalendar import Calendar, Event, vCalAddress

from bot.booking.model import Booking, Status
from bot.content import ClinicProfile

PRODUCT = "-//Patient FAQ//Visits//EN"
STATUSES = {Status.CONFIRMED: "CONFIRMED", Status.CANCELLED: "CANCELLED"}


def make(profile: ClinicProfile) -> VisitCalendar:
    """The calendar of one clinic's visits."""
    return VisitCalendar(profile)


class VisitCalendar:
    """See ``bot.booking.ports.BookingFormat``."""

    media_type = "text/calendar; charset=utf-8"

    def __init__(self, profile: ClinicProfile) -> None:
        self._profile = profile

    def takes(self, booking: Booking) -> bool:
        """Only what is a visit, or was to be one."""
        return booking.status in STATUSES and booking.time is not None

    def write(self, bookings: Sequence[Booking]) -> str:
        """One calendar; its times are in UTC, which every calendar shows in its owner's zone."""
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        if self._profile.email:
            # RFC 5546 wants an organizer in whatever is published.
            calendar.add("method", "PUBLISH")
        for booking in bookings:
            calendar.add_component(self._event(booking))
        return bytes(calendar.to_ical()).decode()

    def write_one(self, booking: Booking) -> str:
        """A calendar with one visit."""
        return self.write([booking])

    def _event(self, booking: Booking) -> Event:
        time, profile = booking.time, self._profile
        if time is None:
            raise ValueError("A booking without a time is no visit.")
        event = Event()
        event.add("uid", f"{booking.reference}@patient-faq")
        event.add("sequence", booking.version)
        event.add("dtstamp", booking.updated_at)
        event.add("dtstart", time.start.astimezone(timezone.utc))
        event.add("dtend", time.end.astimezone(timezone.utc))
        event.add("status", STATUSES[booking.status])
        event.add("summary", f"Visit: {profile.name}")
        event.add("description", f"Reference {booking.reference}. The clinic: {profile.phone}.")
        if profile.address:
            event.add("location", profile.address)
        if profile.email:
            organizer = vCalAddress(f"mailto:{profile.email}")
            organizer.params["cn"] = profile.name
            event.add("organizer", organizer)
        return event
