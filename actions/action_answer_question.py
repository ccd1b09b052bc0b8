"""Answers with the approved card of each topic that was asked about."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.advice import say_standing_advice
from actions.speech import say_asked
from bot import services


class ActionAnswerQuestion(Action):
    """For ``faq``, ``clinic`` and ``smalltalk``, and for those beside a wish for a visit."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_answer_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says one message for each topic, after what stands of a warning just given."""
        library = services.current().library
        if not say_standing_advice(dispatcher, tracker, library):
            say_asked(dispatcher, tracker, library)
        return []
