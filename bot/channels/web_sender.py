"""The web chat's sender: a letter that is kept is in the history, which the chat asks for."""

from __future__ import annotations

from bot.outbox import Letter


class WebSender:
    """See ``bot.outbox.Sender``. Nothing leaves: the patient's chat fetches the history."""

    channel = "web"

    async def send(self, letter: Letter) -> None:
        """Does nothing, so that the letter counts as sent."""
