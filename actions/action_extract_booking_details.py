"""Fills the booking form's slots from the latest message."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import FORM, PREFIX, read_message


class ActionExtractBookingDetails(Action):
    """Runs before each step of the form, and only while it is open.

    Rasa drops what an action says while it fills slots; ``validate_booking_form`` speaks for it.
    """

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_extract_booking_details"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Sets what the message says; empties the slot of an answer that cannot be read."""
        if tracker.active_loop.get("name") != FORM:
            return []
        values = (await read_message(tracker)).values
        return [SlotSet(f"{PREFIX}{field}", value) for field, value in values.items()]
