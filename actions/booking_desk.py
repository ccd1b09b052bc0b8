"""What the booking actions share: the slots, the run's key, the live request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot.booking import Booking, BookingRequest, BookingService, Status

FORM = "booking_form"
SLOTS = (
    "booking_preferred",
    "booking_name",
    "booking_contact",
    "booking_reason",
    "booking_visit",
    "booking_consent",
)


def emptied() -> list[EventType]:
    """Events that forget the request under way."""
    return [SlotSet(slot, None) for slot in SLOTS]


def request_of(slots: Mapping[str, Any]) -> BookingRequest:
    """The request the filled slots make."""
    contact = str(slots["booking_contact"])
    is_email = "@" in contact
    return BookingRequest(
        name=slots["booking_name"],
        reason=slots["booking_reason"],
        preferred=slots["booking_preferred"],
        visit=slots["booking_visit"],
        consent=slots["booking_consent"] == "yes",
        phone=None if is_email else contact,
        email=contact if is_email else None,
    )


def run_key(tracker: Tracker) -> str:
    """Names this run of the form: the moment it was opened, as the conversation recorded it.

    A turn that is run again after a crash finds the same moment, and so makes no second booking.
    """
    opened = [
        event["timestamp"]
        for event in tracker.events
        if event.get("event") == "active_loop" and event.get("name") == FORM
    ]
    return f"{FORM}/{opened[-1]:.6f}" if opened else FORM


async def live_booking(bookings: BookingService, conversation_id: str) -> Booking | None:
    """The newest request of a conversation that is not cancelled."""
    for booking in await bookings.of_conversation(conversation_id):
        if booking.status is not Status.CANCELLED:
            return booking
    return None
