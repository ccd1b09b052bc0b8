"""Passes on the wish to move the newest live request of this conversation."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import live_booking
from actions.speech import say_asked, say_booking, say_card
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
        current = services.current()
        say_asked(dispatcher, tracker, current.library)
        booking = await live_booking(current.bookings, tracker.sender_id)
        if booking is None:
            say_card(dispatcher, tracker, current.library, TOPIC)
            return []
        text = str(tracker.latest_message.get("text") or "")
        await current.bookings.note_wish(booking.reference, "change", text)
        await current.alerts.add("booking", "change_wanted", booking.reference, tracker.sender_id)
        say_booking(dispatcher, "utter_booking_change_noted", TOPIC, reference=booking.reference)
        return []
