"""Cancels the newest live request of this conversation."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import live_booking
from actions.speech import say_asked, say_booking, say_card
from bot import services

TOPIC = "booking/cancel"
NO_WISH = re.compile(
    r"(?:\b(?:not|never|without)|n['\u2019]?t)\s+(?:\w+\s+){0,2}?cancel"
    r"|\bif\s+i\b|\bwhat\s+happens\b|\b(?:policy|fee|gym|membership|subscription)\b",
    re.IGNORECASE,
)


class ActionCancelBooking(Action):
    """For a patient who wants to cancel."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_cancel_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Records the cancellation, then says so; without a request here, says how to reach us."""
        current = services.current()
        say_asked(dispatcher, tracker, current.library)
        booking = await live_booking(current.bookings, tracker.sender_id)
        text = str(tracker.latest_message.get("text") or "")
        # "I don't want to cancel" and "what if I cancel?" cancel nothing.
        if booking is None or NO_WISH.search(text):
            say_card(dispatcher, tracker, current.library, TOPIC)
            return []
        await current.bookings.note_wish(booking.reference, "cancel", text)
        await current.alerts.add("booking", "cancelled", booking.reference, tracker.sender_id)
        say_booking(
            dispatcher,
            "utter_booking_cancelled",
            TOPIC,
            reference=booking.reference,
            preferred=booking.preferred,
        )
        return []
