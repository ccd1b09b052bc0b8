"""Thumbs that patients give answers: what is typed beside them is redacted before it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.content import ClinicProfile
from bot.errors import BotError
from bot.review.copier import LOOKED_BACK
from bot.review.desk import redactor_of
from bot.review.names import Phrases, names_in
from bot.safety import Gate
from bot.storage.alerts import AlertRepository
from bot.storage.database import Database
from bot.storage.feedback import FeedbackRepository
from bot.storage.review import ReviewRepository
from bot.storage.turns import TurnRepository

if TYPE_CHECKING:
    from bot.redaction import Redactor

THUMBS = ("up", "down")
# What a patient may say is wrong; each has its words in the web chat and in the console.
REASONS = ("other_question", "unclear", "incorrect", "something_else")
MAX_REMARK = 500


class NoSuchAnswer(BotError):
    """The message is not one of this conversation, or has no answer."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such answer in this conversation.")


class FeedbackDesk:
    """Takes thumbs."""

    def __init__(
        self,
        database: Database,
        gate: Gate,
        alerts: AlertRepository,
        phrases: Phrases,
        make_redactor: Callable[[], Redactor],
    ) -> None:
        """Makes the desk.

        Args:
            database: Where everything is kept.
            gate: Reads red flags: somebody may type one here.
            alerts: Where a red flag is put before staff.
            phrases: What the assistant says around a name.
            make_redactor: Makes the redactor when it is first needed; it takes a second.
        """
        self._feedback = FeedbackRepository(database)
        self._review = ReviewRepository(database)
        self._turns = TurnRepository(database)
        self._gate = gate
        self._alerts = alerts
        self._phrases = phrases
        self._make_redactor = make_redactor

    @classmethod
    def of(
        cls,
        database: Database,
        gate: Gate,
        alerts: AlertRepository,
        profile: ClinicProfile,
        domain: Path,
    ) -> FeedbackDesk:
        """The desk of one clinic.

        Raises:
            ContentError: when domain.yml cannot be read.
        """
        return cls(database, gate, alerts, Phrases.load(domain), lambda: redactor_of(profile))

    async def give(
        self, conversation_id: str, message_id: str, thumb: str, reason: str = "", remark: str = ""
    ) -> None:
        """Keeps a thumb; the same again changes nothing, another takes its place.

        Args:
            conversation_id: Whose answer.
            message_id: The patient's message that was answered.
            thumb: One of ``THUMBS``.
            reason: One of ``REASONS``, or empty.
            remark: As it was typed; kept redacted.

        Raises:
            NoSuchAnswer: when the message is not one of this conversation, or has no answer.
        """
        inbox_id = await self._feedback.answered(conversation_id, message_id)
        if inbox_id is None:
            raise NoSuchAnswer
        for flag in self._gate.check(remark).flags if remark else ():
            await self._alerts.add("red_flag", flag.level.value, flag.sign, conversation_id)
        covered = await self._covered(conversation_id, remark) if remark.strip() else ""
        if not await self._feedback.give(conversation_id, inbox_id, thumb, reason, covered):
            raise NoSuchAnswer

    async def thumbs(self, conversation_id: str) -> dict[int, str]:
        """``up`` or ``down`` by the number of the message."""
        return await self._feedback.of_conversation(conversation_id)

    async def _covered(self, conversation_id: str, remark: str) -> str:
        rows = await self._review.history(conversation_id, LOOKED_BACK)
        said = names_in(((row.text, row.reply or []) for row in rows), self._phrases)
        names = said | await self._turns.booked_names(conversation_id)
        return await asyncio.to_thread(lambda: self._make_redactor().redact(remark.strip(), names))
