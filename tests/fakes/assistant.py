"""Stands for Rasa behind a real turn: says what it heard, or breaks or stalls as a test asks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.turn.before import NOTHING, Before
from bot.turn.parse_data import forced

TOPIC = "faq/does_it_hurt"
CHOICES = ("Opening hours", "Fees and payment")


@dataclass
class EchoAssistant:
    """Answers each message with its own text, so that a test can tell whose answer it is.

    Attributes:
        heard: Conversation, channel and text of each message, in order.
        parsed: Every text that was to be understood.
        error: Raised instead of answering.
        stalls: Conversations whose turns never end.
        offers: Whether choices are put under the answer, as a question.
    """

    heard: list[tuple[str, str, str]] = field(default_factory=list)
    parsed: list[str] = field(default_factory=list)
    error: Exception | None = None
    stalls: set[str] = field(default_factory=set)
    offers: bool = False

    async def parse(self, text: str) -> dict[str, Any]:
        self.parsed.append(text)
        return forced(text, TOPIC)

    async def before(self, conversation_id: str) -> Before:
        return NOTHING

    async def said_to(self, conversation_id: str, message_id: str) -> list[dict[str, Any]]:
        return []

    async def respond(
        self, conversation_id: str, channel: str, text: str, parsed: dict[str, Any], message_id: str
    ) -> list[dict[str, Any]]:
        if conversation_id in self.stalls:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        self.heard.append((conversation_id, channel, text))
        buttons = [{"title": title, "payload": title} for title in CHOICES if self.offers]
        outcome = "clarify" if self.offers else "answer"
        said = {"text": f"You said: {text}", "answer_ids": [TOPIC], "outcome": outcome}
        return [{**said, "buttons": buttons, "source": ""}]
