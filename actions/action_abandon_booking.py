"""Gives up a request under way."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import emptied
from actions.speech import say_booking


class ActionAbandonBooking(Action):
    """For a patient who says stop while the form asks."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_abandon_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says that nothing was sent and forgets the details."""
        say_booking(dispatcher, "utter_booking_abandoned", "booking/request")
        return emptied()
