"""Booking requests as FHIR R4 ``Appointment`` resources (https://hl7.org/fhir/R4/appointment.html)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.booking.model import Booking, Status
from bot.content import ClinicProfile

PATIENT_ID = "patient"
# R4 has no "declined" and no "expired": to the other side the appointment is cancelled, and the
# reason says more.
STATUSES = {
    Status.RECEIVED: "proposed",
    Status.SEEN: "proposed",
    Status.PROPOSED: "pending",
    Status.CONFIRMED: "booked",
    Status.DECLINED: "cancelled",
    Status.CANCELLED: "cancelled",
    Status.EXPIRED: "cancelled",
}
REASONS = {
    Status.DECLINED: "Declined by the clinic",
    Status.CANCELLED: "Cancelled",
    Status.EXPIRED: "Not answered in time",
}
VISITS = {"first": "First visit", "returning": "Returning visit"}


class FhirExport:
    """An ``Appointment`` for one, a ``Bundle`` of type collection for several."""

    media_type = "application/fhir+json"
    suffix = ".json"

    def __init__(self, profile: ClinicProfile) -> None:
        """Takes the clinic's name and time zone from its profile."""
        self._profile = profile

    def one(self, booking: Booking) -> str:
        """See ``BookingExport``."""
        return json.dumps(self.resource(booking), ensure_ascii=False, indent=2)

    def many(self, bookings: Sequence[Booking]) -> str:
        """See ``BookingExport``."""
        bundle = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": self.resource(booking)} for booking in bookings],
        }
        if not bookings:
            # An empty list is no FHIR.
            del bundle["entry"]
        return json.dumps(bundle, ensure_ascii=False, indent=2)

    def resource(self, booking: Booking) -> dict[str, Any]:
        """The resource as plain data; times are in the clinic's zone."""
        appointment: dict[str, Any] = {
            "resourceType": "Appointment",
            "id": booking.reference,
            "contained": [_patient(booking)],
            "identifier": [{"use": "official", "value": booking.reference}],
            "status": STATUSES[booking.status],
            "serviceType": [{"text": "Acupuncture"}],
            "appointmentType": {"text": VISITS[booking.visit]},
            "created": self._local(booking.created_at).isoformat(timespec="seconds"),
            "participant": self._participants(booking),
        }
        if booking.reason:
            appointment["reasonCode"] = [{"text": booking.reason}]
        if booking.preferred:
            appointment["comment"] = booking.preferred
        if reason := REASONS.get(booking.status):
            appointment["cancelationReason"] = {"text": reason}
        return appointment | self._times(booking)

    def _times(self, booking: Booking) -> dict[str, Any]:
        if time := booking.time:
            return {
                "start": self._local(time.start).isoformat(timespec="seconds"),
                "end": self._local(time.end).isoformat(timespec="seconds"),
                "minutesDuration": time.minutes,
            }
        period = {"start": self._local(booking.created_at).date().isoformat()}
        if booking.last_day is not None:
            period["end"] = booking.last_day.isoformat()
        return {"requestedPeriod": [period]}

    def _participants(self, booking: Booking) -> list[dict[str, Any]]:
        asked = booking.status in {Status.RECEIVED, Status.SEEN}
        is_answered = booking.status is Status.CONFIRMED
        return [
            {
                "actor": {"reference": f"#{PATIENT_ID}", "display": booking.name},
                "required": "required",
                "status": "accepted" if asked or is_answered else "needs-action",
            },
            {
                "actor": {"type": "Organization", "display": self._profile.name},
                "required": "required",
                "status": "needs-action" if asked else "accepted",
            },
        ]

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self._profile.timezone))


def _patient(booking: Booking) -> dict[str, Any]:
    telecom = [
        {"system": system, "value": value}
        for system, value in (("phone", booking.phone), ("email", booking.email))
        if value
    ]
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": PATIENT_ID,
        "name": [{"text": booking.name}],
    }
    return patient | ({"telecom": telecom} if telecom else {})
