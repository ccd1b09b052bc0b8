"""Appointment requests: what a patient asks for, how it is checked, kept and changed."""

from bot.booking.access import BookingAccess, NoMatch, TooManyTries
from bot.booking.changes import TimeNeeded
from bot.booking.model import (
    Booking,
    BookingChanged,
    BookingEvent,
    BookingNotFound,
    BookingRequest,
    ReferenceTaken,
    Status,
    VisitTime,
)
from bot.booking.ports import BookingRepository
from bot.booking.service import BookingService
from bot.booking.told import StatusWords
from bot.booking.transitions import PATIENT, SYSTEM, Actor, IllegalTransition, staff

__all__ = [
    "PATIENT",
    "SYSTEM",
    "Actor",
    "Booking",
    "BookingAccess",
    "BookingChanged",
    "BookingEvent",
    "BookingNotFound",
    "BookingRepository",
    "BookingRequest",
    "BookingService",
    "IllegalTransition",
    "NoMatch",
    "ReferenceTaken",
    "Status",
    "StatusWords",
    "TimeNeeded",
    "TooManyTries",
    "VisitTime",
    "staff",
]
