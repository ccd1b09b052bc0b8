"""Tells where the requests of this conversation stand."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say_asked, say_booking, say_card
from bot import services

TOPIC = "booking/status"


class ActionTellBookingStatus(Action):
    """Only of this conversation: a reference typed by somebody else shows nothing."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_tell_booking_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says the newest request's status, or that there is none here."""
        current = services.current()
        say_asked(dispatcher, tracker, current.library)
        bookings = await current.bookings.of_conversation(tracker.sender_id)
        if not bookings:
            say_card(dispatcher, tracker, current.library, TOPIC)
            return []
        newest = bookings[0]
        say_booking(
            dispatcher,
            f"utter_booking_status_{newest.status.value}",
            TOPIC,
            reference=newest.reference,
            preferred=newest.preferred,
        )
        return []
