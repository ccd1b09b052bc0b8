"""Tells the patient how to reach a person and puts the wish before staff."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say_asked, say_card
from bot import services


class ActionHandOff(Action):
    """For a patient who wants a person."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_hand_off"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Alerts staff first, so that what the patient is told is true."""
        current = services.current()
        await current.alerts.add("handoff", "person_wanted", "asked", tracker.sender_id)
        say_asked(dispatcher, tracker, current.library)
        say_card(dispatcher, tracker, current.library, "handoff/human")
        if tracker.active_loop:
            dispatcher.utter_message(response="utter_booking_paused")
        return []
