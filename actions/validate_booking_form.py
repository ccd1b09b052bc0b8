"""Says why an answer to the booking form cannot be taken."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import FORM, read_message, response_to
from actions.speech import say_asked, say_booking
from bot import services

TOPIC = "booking/request"


class ValidateBookingForm(Action):
    """Rasa runs it, by this name, after the slots were filled and before the form asks again."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "validate_booking_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Reads the message as the slots' action did; that one's values stand as they are."""
        if tracker.active_loop.get("name") != FORM:
            return []
        reading = await read_message(tracker)
        if reading.fault is not None and reading.at is not None:
            response = response_to(reading.at, reading.fault)
            say_booking(dispatcher, response, TOPIC, **reading.told)
        elif reading.values.get("preferred") and "closed" in reading.told:
            say_booking(dispatcher, "utter_booking_partly_closed", TOPIC, **reading.told)
        elif "kept" in reading.told:
            say_booking(dispatcher, "utter_booking_reason_cut", TOPIC, **reading.told)
        # "Kim Ray. Will it hurt?": the name is taken, and the question is answered as well.
        if reading.asks:
            say_asked(dispatcher, tracker, services.current().library)
        return []
