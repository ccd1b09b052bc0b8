"""Puts the wish for a person before staff and tells the patient who answers and when."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import channel_of, say_asked, say_card
from bot import services


class ActionHandOff(Action):
    """For a patient who wants a person."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_hand_off"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Tells staff first, so that what the patient is told is true."""
        current = services.current()
        asked = await current.handoffs.ask(tracker.sender_id, channel_of(tracker))
        say_asked(dispatcher, tracker, current.library)
        say_card(
            dispatcher,
            tracker,
            current.library,
            asked.topic,
            outcome="handoff",
            reported="handoff/human",
            given=asked.given,
        )
        if tracker.active_loop:
            dispatcher.utter_message(response="utter_booking_paused")
        return []
