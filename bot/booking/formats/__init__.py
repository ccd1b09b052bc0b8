"""Writes bookings down for other programs: one file a format, and nothing else to register.

A format is a file here with a docstring, whose first line is its help, and a function
``make(profile)`` that gives a ``bot.booking.ports.BookingFormat``. ``bot booking export`` offers it
by the file's name, and ``tests/contracts/test_booking_formats.py`` holds it to the contract.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from bot.booking.ports import BookingFormat
from bot.content import ClinicProfile

FORMATS = tuple(
    sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__")
)


def format_of(name: str, profile: ClinicProfile) -> BookingFormat:
    """One format, for one clinic.

    Args:
        name: One of ``FORMATS``.
        profile: The clinic's own facts.
    """
    return cast(BookingFormat, import_module(f"{__name__}.{name}").make(profile))
