"""Requests and visits as a spreadsheet (CSV, RFC 4180), one row each.

What patients wrote may look like a formula; such a cell gets an apostrophe in front, as OWASP
advises, so that no spreadsheet runs it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.booking.model import Booking
from bot.content import ClinicProfile

COLUMNS = (
    "reference", "status", "name", "phone", "email", "contact_consent", "preferred", "reason",
    "visit", "starts_at", "minutes", "channel", "created_at", "updated_at",
)  # fmt: skip
# Some programs take the wide forms for the narrow ones.
FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def make(profile: ClinicProfile) -> BookingSheet:
    """The spreadsheet of one clinic; its times are the clinic's own."""
    return BookingSheet(ZoneInfo(profile.timezone))


class BookingSheet:
    """See ``bot.booking.ports.BookingFormat``."""

    media_type = "text/csv; charset=utf-8"

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def takes(self, booking: Booking) -> bool:
        """Every request, whatever became of it."""
        return True

    def write(self, bookings: Sequence[Booking]) -> str:
        """A row of headings and one row for each request."""
        sheet = io.StringIO()
        writer = csv.writer(sheet)
        writer.writerow(COLUMNS)
        writer.writerows([self._cell(booking, name) for name in COLUMNS] for booking in bookings)
        return sheet.getvalue()

    def write_one(self, booking: Booking) -> str:
        """The headings and one row."""
        return self.write([booking])

    def _cell(self, booking: Booking, name: str) -> str:
        value = getattr(booking, name)
        if value is None:
            return ""
        if hasattr(value, "astimezone"):
            return str(value.astimezone(self._zone).isoformat(timespec="minutes"))
        return guarded(str(getattr(value, "value", value)))


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
