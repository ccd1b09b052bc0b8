"""Says plainly that this is nothing the assistant can answer, and offers a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say_card
from bot import services
from bot.nlu.language import is_foreign

TOPIC = "other/out_of_scope"
ENGLISH_ONLY = "other/english_only"


class ActionDecline(Action):
    """For a message out of scope, or in another language than English."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_decline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Declines with the approved words."""
        library = services.current().library
        card = ENGLISH_ONLY if is_foreign(tracker.latest_message) else TOPIC
        say_card(
            dispatcher, tracker, library, card, outcome="decline", reported=TOPIC, language="both"
        )
        return []
