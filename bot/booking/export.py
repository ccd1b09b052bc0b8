"""How a booking leaves the house: the port, and which adapters there are.

Another form is one file: a class with these members, and a line in ``EXPORTS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.booking.fhir import FhirExport
from bot.booking.icalendar_export import CalendarExport
from bot.booking.model import Booking
from bot.content import ClinicProfile


class BookingExport(Protocol):
    """Writes bookings in one form that other programs read. Pure: the same bookings, the same text.

    Attributes:
        media_type: What HTTP and e-mail call the form.
        suffix: Of a file that holds it, with its dot.
    """

    media_type: str
    suffix: str

    def one(self, booking: Booking) -> str:
        """One booking.

        Raises:
            NotExportable: when the form cannot say what the booking is; the message tells why.
        """

    def many(self, bookings: Sequence[Booking]) -> str:
        """Several, or none; those that the form cannot say are left out."""


EXPORTS: Mapping[str, Callable[[ClinicProfile], BookingExport]] = {
    "fhir": FhirExport,
    "ics": CalendarExport,
}
