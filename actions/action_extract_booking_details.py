"""Fills the booking form's slots from the latest message."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import FORM
from actions.speech import say_booking
from bot import services
from bot.booking.answers import Asked, Reading, read_answer
from bot.booking.fields import Fault

PREFIX = "booking_"
TOPIC = "booking/request"
# Outcomes of a message that is surely about something else than the question asked.
ELSEWHERE = frozenset({"answer", "handoff", "smalltalk", "emergency", "urgent", "crisis"})
# Intents that always leave the form, whatever the words could also be read as.
LEAVING = frozenset({"handoff_human", "booking_cancel", "booking_status", "safety"})
STOPPING = frozenset({"dialogue_stop"})
FAULTS = {
    ("preferred", Fault.PAST): "utter_booking_past_date",
    ("preferred", Fault.CLOSED): "utter_booking_closed_day",
}


class ActionExtractBookingDetails(Action):
    """Runs before each step of the form, and only while it is open."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_extract_booking_details"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Sets what the message says; says why when an answer cannot be read."""
        if tracker.active_loop.get("name") != FORM:
            return []
        reading = _read(tracker)
        if reading.fault is not None and reading.at is not None:
            response = FAULTS.get((reading.at, reading.fault), f"utter_booking_bad_{reading.at}")
            say_booking(dispatcher, response, TOPIC)
        return [SlotSet(f"{PREFIX}{field}", value) for field, value in reading.values.items()]


def _read(tracker: Tracker) -> Reading:
    latest = tracker.latest_message
    intent = (latest.get("intent") or {}).get("name")
    requested = str(tracker.get_slot("requested_slot") or "").removeprefix(PREFIX) or None
    if intent in STOPPING or (intent in LEAVING and requested != "consent"):
        return Reading()
    profile = services.current().profile
    asked = Asked(
        requested=requested,
        about_else=(latest.get("decision") or {}).get("outcome") in ELSEWHERE,
        now=profile.now(),
        tz=profile.timezone,
        is_closed=lambda day: profile.hours is not None and profile.opening_on(day) is None,
    )
    return read_answer(str(latest.get("text") or ""), asked)
