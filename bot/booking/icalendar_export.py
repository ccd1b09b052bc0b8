"""Agreed visits as iCalendar (RFC 5545), for the patient's own calendar.

A calendar is often seen by others, so that the event says neither why somebody comes nor who comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone

from icalendar import Calendar, Event, vCalAddress

from bot.booking.model import Booking, NotExportable, Status
from bot.content import ClinicProfile

PRODUCT = "-//Patient FAQ//Visits//EN"
STATUSES = {Status.CONFIRMED: "CONFIRMED", Status.CANCELLED: "CANCELLED"}


class CalendarExport:
    """An event for each visit that has a time and was agreed on, or called off after that."""

    media_type = "text/calendar; charset=utf-8"
    suffix = ".ics"

    def __init__(self, profile: ClinicProfile) -> None:
        """Takes the clinic's name, address and phone from its profile."""
        self._profile = profile

    def one(self, booking: Booking) -> str:
        """See ``BookingExport``."""
        if not _is_agreed(booking):
            raise NotExportable(
                f"The request {booking.reference} is no agreed visit yet.",
                remedy=f"Confirm it first: bot booking confirm {booking.reference} --at …",
            )
        return self.many([booking])

    def many(self, bookings: Sequence[Booking]) -> str:
        """See ``BookingExport``."""
        agreed = [booking for booking in bookings if _is_agreed(booking)]
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        is_over = bool(agreed) and all(b.status is Status.CANCELLED for b in agreed)
        calendar.add("method", "CANCEL" if is_over else "PUBLISH")
        for booking in agreed:
            calendar.add_component(self._event(booking))
        written: bytes = calendar.to_ical()
        return written.decode()

    def _event(self, booking: Booking) -> Event:
        time = booking.time
        if time is None:
            raise NotExportable(f"The request {booking.reference} has no time.")
        profile, event = self._profile, Event()
        event.add("uid", f"{booking.reference}-{booking.created_at:%Y%m%d}@patient-faq")
        # A later version replaces an earlier one in the calendar that holds it.
        event.add("sequence", booking.version)
        event.add("dtstamp", booking.updated_at.astimezone(timezone.utc))
        # In UTC: every calendar shows it in its owner's zone, and none needs our zone's rules.
        event.add("dtstart", time.start.astimezone(timezone.utc))
        event.add("dtend", time.end.astimezone(timezone.utc))
        event.add("status", STATUSES[booking.status])
        event.add("summary", f"Visit: {profile.name}")
        event.add("description", f"Reference {booking.reference}. Questions: {profile.phone}")
        if place := profile.address or profile.area:
            event.add("location", place)
        if profile.email:
            event.add("organizer", vCalAddress(f"mailto:{profile.email}"))
        return event


def _is_agreed(booking: Booking) -> bool:
    return booking.status in STATUSES and booking.time is not None
