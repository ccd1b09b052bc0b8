"""Stores a finished request, then tells the patient."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import emptied, request_of, run_key
from actions.speech import channel_of, say_booking
from bot import services
from bot.booking.fields import readable_contact

TOPIC = "booking/request"


class ActionSubmitBooking(Action):
    """Runs when the form has everything, consent or its refusal included."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_submit_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Commits before it speaks; without consent nothing is kept."""
        if tracker.get_slot("booking_consent") != "yes":
            say_booking(dispatcher, "utter_booking_not_sent", TOPIC)
            return emptied()
        booking = await services.current().bookings.request(
            request_of(tracker.slots), run_key(tracker), tracker.sender_id, channel_of(tracker)
        )
        say_booking(
            dispatcher,
            "utter_booking_received",
            TOPIC,
            reference=booking.reference,
            contact=readable_contact(booking.phone or booking.email or ""),
        )
        if scheduler := services.current().status_words.link("scheduler", booking):
            say_booking(dispatcher, "utter_booking_scheduler", TOPIC, scheduler=scheduler)
        return emptied()
