"""Shows the whole request and asks whether, and how, the clinic may answer it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say_booking
from bot.booking.fields import readable_contact
from bot.booking.model import Way
from bot.booking.way import ways_to

# Each asks by the ways in which the contact can be used.
QUESTIONS: dict[tuple[Way, ...], str] = {
    ("text", "call"): "utter_ask_booking_consent",
    ("call",): "utter_ask_booking_consent_call",
    ("email",): "utter_ask_booking_consent_email",
}
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
        contact = str(slots["booking_contact"])
        say_booking(
            dispatcher,
            QUESTIONS[ways_to(contact)],
            "booking/request",
            summary=summary,
            contact=readable_contact(contact),
        )
        return []
