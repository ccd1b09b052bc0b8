"""Appointment requests: what a patient asks for, how it is checked, kept and changed."""

from bot.booking.model import (
    Booking,
    BookingEvent,
    BookingNotFound,
    BookingRequest,
    ReferenceTaken,
    Status,
)
from bot.booking.ports import BookingRepository
from bot.booking.service import BookingService

__all__ = [
    "Booking",
    "BookingEvent",
    "BookingNotFound",
    "BookingRepository",
    "BookingRequest",
    "BookingService",
    "ReferenceTaken",
    "Status",
]
