"""Passes on the wish to move the request that is meant."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say_asked, say_booking
from actions.which_booking import find_booking, said, say_status
from bot import services

TOPIC = "booking/change"


class ActionChangeBooking(Action):
    """For a patient who wants another time."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_change_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Records the wish in the patient's words, then says so."""
        current, heard = services.current(), said(tracker)
        say_asked(dispatcher, tracker, current.library)
        booking = await find_booking(dispatcher, tracker, TOPIC)
        if booking is None:
            return []
        if not booking.status.is_live:
            say_status(dispatcher, booking, TOPIC)
            return []
        words = heard.key.rest.strip()
        await current.bookings.wish_to_change(booking.reference, words, message=heard.message)
        await current.alerts.add("booking", "change_wanted", booking.reference, tracker.sender_id)
        say_booking(dispatcher, "utter_booking_change_noted", TOPIC, reference=booking.reference)
        return []
