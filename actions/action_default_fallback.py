"""What Rasa runs when no rule fits: the same as declining, never silence."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from actions.action_decline import ActionDecline


class ActionDefaultFallback(ActionDecline):
    """Replaces Rasa's own, which would say nothing."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_default_fallback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Declines, and takes the message back: the rules go on from where they were."""
        await super().run(dispatcher, tracker, domain)
        return [UserUtteranceReverted()]
