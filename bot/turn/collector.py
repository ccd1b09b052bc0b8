"""An output channel that keeps each message whole, with its ids, choices and source."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class ReplyCollector(OutputChannel):
    """The stock CollectingOutputChannel splits at blank lines and drops what it does not know."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.events: list[dict[str, Any]] = []

    def name(self) -> str:
        """The patient's channel: responses may differ by it."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps a message as Rasa made it."""
        self.events.append(message)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keeps a bare text."""
        self.events.append({"text": text})
