"""Requests and visits for a clinic's own system, as FHIR R4 ``Appointment`` in JSON.

Here are the patient's name, contact and reason: the file belongs where a patient's file belongs.
https://hl7.org/fhir/R4/appointment.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from bot.booking.model import Booking, Status
from bot.booking.wished import wished_periods
from bot.content import ClinicProfile

SYSTEM = "urn:patient-faq:reference"
VISITS = {"first": "First visit", "returning": "Has been here before"}
Json = dict[str, Any]
Answer = Literal["accepted", "declined", "needs-action"]
# The appointment's status, then the patient's and the clinic's part in it.
STATUSES: dict[Status, tuple[str, Answer, Answer]] = {
    Status.RECEIVED: ("proposed", "accepted", "needs-action"),
    Status.SEEN: ("proposed", "accepted", "needs-action"),
    Status.PROPOSED: ("pending", "needs-action", "accepted"),
    Status.CONFIRMED: ("booked", "accepted", "accepted"),
    Status.DECLINED: ("cancelled", "accepted", "declined"),
    Status.CANCELLED: ("cancelled", "declined", "declined"),
    Status.EXPIRED: ("cancelled", "accepted", "needs-action"),
}
ENDED = {
    Status.DECLINED: "The clinic had no time.",
    Status.CANCELLED: "Called off.",
    Status.EXPIRED: "Nobody answered in time.",
}


def make(profile: ClinicProfile) -> FhirAppointments:
    """The appointments of one clinic."""
    return FhirAppointments(profile)


class FhirAppointments:
    """See ``bot.booking.ports.BookingFormat``."""

    media_type = "application/fhir+json; charset=utf-8"

    def __init__(self, profile: ClinicProfile) -> None:
        self._clinic = profile.name
        self._zone = ZoneInfo(profile.timezone)

    def takes(self, booking: Booking) -> bool:
        """Everything, as it stands."""
        return True

    def write(self, bookings: Sequence[Booking]) -> str:
        """A ``Bundle`` on one line."""
        entries = [
            {"fullUrl": _name(booking), "resource": self.appointment(booking)}
            for booking in bookings
        ]
        return _line(_filled({"resourceType": "Bundle", "type": "collection", "entry": entries}))

    def searchset(
        self, bookings: Sequence[Booking], total: int, links: Mapping[str, str], base: str
    ) -> str:
        """One page of what a search found, as a ``Bundle`` on one line.

        Args:
            bookings: Those of the page.
            total: How many there are on all pages.
            links: ``self``, and ``next`` where there is a next page.
            base: The address under which each appointment is found by its id.
        """
        bundle: Json = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": total,
            "link": [{"relation": name, "url": url} for name, url in links.items()],
        }
        entries = [
            {
                "fullUrl": f"{base}/{booking.reference}",
                "resource": self.appointment(booking),
                "search": {"mode": "match"},
            }
            for booking in bookings
        ]
        return _line({**bundle, **({"entry": entries} if entries else {})})

    def write_one(self, booking: Booking) -> str:
        """The ``Appointment`` itself on one line."""
        return _line(self.appointment(booking))

    def appointment(self, booking: Booking) -> Json:
        """One appointment; what is not known is left out, as FHIR wants."""
        status, _, _ = STATUSES[booking.status]
        appointment: Json = {
            "resourceType": "Appointment",
            "id": booking.reference,
            "meta": {
                "versionId": str(booking.version),
                "lastUpdated": self._instant(booking.updated_at),
            },
            "contained": [_patient(booking)],
            "identifier": [{"system": SYSTEM, "value": booking.reference}],
            "status": status,
            "cancelationReason": _concept(ENDED.get(booking.status, "")),
            "appointmentType": _concept(VISITS[booking.visit]),
            "reasonCode": [found] if (found := _concept(booking.reason)) else [],
            **self._time(booking),
            "created": self._instant(booking.created_at),
            "comment": _clean(booking.preferred),
            "participant": self._participants(booking),
            "requestedPeriod": self._periods(booking),
        }
        return _filled(appointment)

    def _time(self, booking: Booking) -> Json:
        time = booking.time
        if time is None:
            return {}
        return {
            "start": self._instant(time.start),
            "end": self._instant(time.end),
            "minutesDuration": time.minutes,
        }

    def _participants(self, booking: Booking) -> list[Json]:
        _, patient, clinic = STATUSES[booking.status]
        who = {"reference": "#patient", "type": "Patient", "display": _clean(booking.name)}
        where = {"type": "Location", "display": _clean(self._clinic)}
        return [
            {"actor": _filled(who), "required": "required", "status": patient},
            {"actor": _filled(where), "required": "required", "status": clinic},
        ]

    def _periods(self, booking: Booking) -> list[Json]:
        """The wished days; an open wish is any day from the request on."""
        if booking.last_day is None:
            return [{"start": booking.created_at.astimezone(self._zone).date().isoformat()}]
        return [
            {"start": first.isoformat(), "end": last.isoformat()}
            for first, last in wished_periods(booking.preferred)
        ]

    def _instant(self, moment: datetime) -> str:
        return str(moment.astimezone(self._zone).isoformat(timespec="seconds"))


def outcome(code: str, diagnostics: str) -> str:
    """An ``OperationOutcome``: why there is no appointment to give.

    Args:
        code: Of FHIR's issue types, such as ``not-found``.
        diagnostics: For whoever reads the log of the other program.
    """
    issue = {"severity": "error", "code": code, "diagnostics": _clean(diagnostics)}
    return _line({"resourceType": "OperationOutcome", "issue": [issue]})


def _name(booking: Booking) -> str:
    return uuid5(NAMESPACE_URL, f"{SYSTEM}:{booking.reference}").urn


def _patient(booking: Booking) -> Json:
    phone = "sms" if booking.contact_consent == "text" else "phone"
    ways = ((phone, booking.phone), ("email", booking.email))
    name = _clean(booking.name)
    return _filled(
        {
            "resourceType": "Patient",
            "id": "patient",
            "name": [{"text": name}] if name else [],
            "telecom": [{"system": kind, "value": _clean(value)} for kind, value in ways if value],
        }
    )


def _concept(text: str) -> Json:
    return _filled({"text": _clean(text)})


def _clean(text: str) -> str:
    """Text as FHIR's ``string`` may hold it: of white space only blanks, tabs and new lines."""
    allowed = (c if c in "\t\r\n" or (c >= " " and not c.isspace()) else " " for c in text)
    return "".join(allowed).strip()


def _filled(fields: Json) -> Json:
    """Without what is empty: FHIR has no empty values."""
    return {name: value for name, value in fields.items() if value}


def _line(resource: Json) -> str:
    return json.dumps(resource, ensure_ascii=False) + "\n"
