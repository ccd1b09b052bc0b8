"""The fields of a booking: one pure reader each, from typed words to a value or a fault."""

from bot.booking.choice import parse_consent, parse_reason, parse_visit
from bot.booking.preferred import Preferred, parse_preferred
from bot.reading.contact import parse_email, parse_phone, readable_contact
from bot.reading.parsed import Fault, Parsed
from bot.reading.person import parse_name

__all__ = [
    "Fault",
    "Parsed",
    "Preferred",
    "parse_consent",
    "parse_email",
    "parse_name",
    "parse_phone",
    "parse_preferred",
    "parse_reason",
    "parse_visit",
    "readable_contact",
]
