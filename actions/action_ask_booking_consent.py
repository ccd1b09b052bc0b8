"""Shows the whole request and asks for a yes."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say_booking
from bot.booking.fields import readable_contact

VISITS = {"first": "first visit", "returning": "been here before"}


class ActionAskBookingConsent(Action):
    """The form's last question."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_ask_booking_consent"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Repeats the patient's own words, so that a mistake can be corrected."""
        slots = tracker.slots
        summary = "; ".join(
            [
                str(slots["booking_name"]),
                str(slots["booking_preferred"]),
                str(slots["booking_reason"]),
                VISITS.get(str(slots["booking_visit"]), ""),
            ]
        )
        contact = readable_contact(str(slots["booking_contact"]))
        say_booking(
            dispatcher,
            "utter_ask_booking_consent",
            "booking/request",
            summary=summary,
            contact=contact,
        )
        return []
