"""The whole turn in process, on a database in memory: for ``bot ask`` and evaluation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from bot import services
from bot.learning.train import ensure_model
from bot.services import Services
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.turn.turn import Turn

IN_MEMORY = "sqlite://"
CHANNEL = "web"


@dataclass
class Asking:
    """Each text is asked in a conversation of its own; nothing is kept."""

    parts: Services
    turn: Turn
    _numbers: count[int]

    @classmethod
    async def open(
        cls, settings: Settings, database: str = IN_MEMORY, model: Path | None = None
    ) -> Asking:
        """Loads the model, training it first when there is none for the present data.

        Args:
            settings: As for serving.
            database: Its address. One in memory is lost with a turn that is cut short.
            model: The archive to load; left out: the one that is served.

        Raises:
            BotError: when a setting, the content or the model is wrong.
        """
        if model is None:
            learned = settings.learned_dir
            model = ensure_model(settings.models_dir, _silent, learned=learned)
        from bot.turn.assistant import Assistant

        parts = Services.build(settings, database)
        services.use(parts)
        await migrate(parts.database)
        assistant = Assistant.load(model, settings, parts.database)
        turn = Turn(assistant, parts.library, parts.gate, parts.alerts, settings.turn_deadline)
        return cls(parts, turn, count())

    async def ask(self, text: str, before: Sequence[str] = ()) -> dict[str, Any]:
        """Answers one message; the form is the one documented for ``bot ask --jsonl``.

        Args:
            text: The message.
            before: What the patient wrote earlier in the conversation.
        """
        conversation = f"ask:{next(self._numbers)}"
        for number, earlier in enumerate(before, 1):
            await self.turn.run(conversation, CHANNEL, earlier, str(number))
        started = time.perf_counter()
        reply = await self.turn.run(conversation, CHANNEL, text, str(len(before) + 1))
        return {
            "text": text,
            "intent": reply.intent,
            "confidence": round(reply.confidence, 4),
            "outcome": reply.outcome,
            "answer_ids": reply.answer_ids,
            "reply": [message.text for message in reply.messages],
            "ms": round((time.perf_counter() - started) * 1000, 1),
        }

    async def close(self) -> None:
        """Forgets everything."""
        await self.parts.database.close()


def _silent(line: str) -> None:
    """Standard output is for answers only."""
