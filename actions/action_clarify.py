"""Offers the two or three likeliest topics in plain words."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speech import say_card, topics_of
from bot import services


class ActionClarify(Action):
    """For a message that could mean several things."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Asks which was meant; the choices are topics, never internal names."""
        library = services.current().library
        topics = topics_of(tracker)
        say_card(dispatcher, tracker, library, "other/clarify", offer=topics, outcome="clarify")
        return []
