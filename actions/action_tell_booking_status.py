"""Tells where the request that is meant stands."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.booking_desk import is_about_held
from actions.speech import say_asked
from actions.which_booking import find_booking, say_status
from bot import services
from bot.booking.told import TOPIC


class ActionTellBookingStatus(Action):
    """A reference typed by somebody else shows nothing without the phone number it goes with."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_tell_booking_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says the status, or asks which request is meant."""
        say_asked(dispatcher, tracker, services.current().library)
        if await is_about_held(tracker):
            dispatcher.utter_message(response="utter_booking_paused")
            return []
        booking = await find_booking(dispatcher, tracker, TOPIC)
        if booking is not None:
            say_status(dispatcher, booking)
        return []
