"""The web chat's history: what was written and answered, and what the clinic let know since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.outbox import Letter
from bot.storage.inbox import InboxRow

EMPTY = {"answer_ids": [], "choices": [], "source": ""}


def history_entries(rows: Sequence[InboxRow], letters: Iterable[Letter]) -> list[dict[str, Any]]:
    """One entry for each message, oldest first.

    Args:
        rows: The conversation's messages with their replies, oldest first.
        letters: What it was sent without asking, oldest first.
    """
    waiting = list(letters)
    entries: list[dict[str, Any]] = []
    for row in rows:
        # A letter never comes between a message and its reply.
        while waiting and waiting[0].created_at <= row.received_at:
            entries.append(_of_letter(waiting.pop(0)))
        entries.extend(_of_row(row))
    return [*entries, *map(_of_letter, waiting)]


def _of_row(row: InboxRow) -> Iterator[dict[str, Any]]:
    yield {"role": "patient", "text": row.text, "at": row.received_at.isoformat()}
    at = (row.finished_at or row.received_at).isoformat()
    for reply in row.reply or []:
        yield {"role": "assistant", "at": at, **reply}


def _of_letter(letter: Letter) -> dict[str, Any]:
    at = letter.created_at.isoformat()
    return {"role": "assistant", "at": at, "text": letter.body, **EMPTY, **letter.detail}
