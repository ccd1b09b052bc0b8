"""Says why an answer to the booking form cannot be taken."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import FORM, read_message
from actions.speech import say_booking
from bot.booking.fields import Fault

TOPIC = "booking/request"
FAULTS = {
    ("preferred", Fault.PAST): "utter_booking_past_date",
    ("preferred", Fault.CLOSED): "utter_booking_closed_day",
    ("preferred", Fault.OUTSIDE): "utter_booking_outside_hours",
    ("preferred", Fault.OVER): "utter_booking_over_today",
    ("preferred", Fault.NO_SUCH_DATE): "utter_booking_no_such_date",
    ("contact", Fault.INCOMPLETE): "utter_booking_incomplete_contact",
}


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
        reading = read_message(tracker)
        if reading.fault is not None and reading.at is not None:
            response = FAULTS.get((reading.at, reading.fault), f"utter_booking_bad_{reading.at}")
            say_booking(dispatcher, response, TOPIC, **reading.told)
        elif reading.values.get("preferred") and "closed" in reading.told:
            say_booking(dispatcher, "utter_booking_partly_closed", TOPIC, **reading.told)
        elif "kept" in reading.told:
            say_booking(dispatcher, "utter_booking_reason_cut", TOPIC, **reading.told)
        return []
