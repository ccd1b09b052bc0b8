"""Says the warning for a red flag, then answers what else the message asked."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import also_asked, language_of, say_card, topics_of, wants_visit
from bot import services


class ActionWarnRedFlag(Action):
    """The gate has spoken before Rasa ran; this keeps the warning in the conversation's record.

    It also speaks for a flag that only the classifier raised.
    """

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_warn_red_flag"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Warns first; a request for a visit is put on hold, or offered for later."""
        library = services.current().library
        for topic in topics_of(tracker):
            say_card(dispatcher, tracker, library, topic, language=language_of(tracker))
        for topic in also_asked(tracker):
            say_card(dispatcher, tracker, library, topic)
        if tracker.active_loop:
            dispatcher.utter_message(response="utter_booking_paused")
        elif wants_visit(tracker):
            dispatcher.utter_message(response="utter_booking_later")
        return []
