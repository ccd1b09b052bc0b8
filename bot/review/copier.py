"""Makes the redacted copies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.review.model import ReviewTurn, band_of
from bot.review.names import Phrases, names_in
from bot.storage.inbox import InboxRow
from bot.storage.review import ReviewRepository
from bot.storage.turns import TurnRepository

# Presidio is imported by the thread that first redacts: the server starts without it.
if TYPE_CHECKING:
    from bot.redaction import Redactor

BATCH = 100
# Messages to an old and endless conversation are redacted with the names of its end.
LOOKED_BACK = 200


class Copier:
    """Copies what has been answered and is not copied yet."""

    def __init__(
        self,
        review: ReviewRepository,
        turns: TurnRepository,
        make_redactor: Callable[[], Redactor],
        phrases: Phrases,
    ) -> None:
        """Makes a copier.

        Args:
            review: Where the copies are kept.
            turns: Tells names of requests.
            make_redactor: Makes the redactor when it is first needed; it takes a second.
            phrases: What the assistant says around a name.
        """
        self._review = review
        self._turns = turns
        self._make_redactor = make_redactor
        self._phrases = phrases
        self._redactor: Redactor | None = None

    async def run_once(self) -> int:
        """Copies what is there.

        Returns:
            How many messages were copied.
        """
        copied = 0
        while rows := await self._review.pending(BATCH):
            by_conversation = sorted(rows, key=lambda row: (row.conversation_id, row.id))
            for name, mine in groupby(by_conversation, key=lambda row: row.conversation_id):
                copied += await self._copy(name, list(mine))
        return copied

    async def _copy(self, conversation_id: str, rows: Sequence[InboxRow]) -> int:
        history = await self._review.history(conversation_id, LOOKED_BACK)
        booked = await self._turns.booked_names(conversation_id)
        earlier = [row for row in history if row.id < rows[0].id]
        names = booked | self._names(history)
        # A name that turns up late is taken out of what was copied before it.
        again = earlier if names - self._names(earlier) else []
        turns = await asyncio.to_thread(self._redacted, [*again, *rows], names)
        await self._review.keep(turns)
        return len(rows)

    def _names(self, rows: Iterable[InboxRow]) -> frozenset[str]:
        return names_in(((row.text, row.reply or []) for row in rows), self._phrases)

    def _redacted(self, rows: Iterable[InboxRow], names: Collection[str]) -> list[ReviewTurn]:
        if self._redactor is None:
            self._redactor = self._make_redactor()
        return [self._turn(self._redactor, row, names) for row in rows]

    def _turn(self, redactor: Redactor, row: InboxRow, names: Collection[str]) -> ReviewTurn:
        replies = [_reply(redactor, reply, names) for reply in row.reply or []]
        answers = [topic for reply in replies for topic in reply["answer_ids"]]
        outcome = row.outcome or ("failed" if row.status == "failed" else "unknown")
        return ReviewTurn(
            inbox_id=row.id,
            conversation_id=row.conversation_id,
            channel=row.channel,
            at=row.received_at,
            text=redactor.redact(row.text, names),
            reply=replies,
            outcome=outcome,
            intent=row.intent,
            confidence=row.confidence,
            answer=answers[0] if answers else "",
            band=band_of(row.confidence),
        )


def _reply(redactor: Redactor, reply: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    choices = [
        {"title": choice.get("title", ""), "text": ""} for choice in reply.get("choices") or []
    ]
    return {
        "text": redactor.redact(str(reply.get("text", "")), names),
        "answer_ids": list(reply.get("answer_ids") or []),
        "choices": choices,
        "source": reply.get("source") or "",
    }
