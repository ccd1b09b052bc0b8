"""The web chat's history: what was written and answered, and what the clinic let know since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.handoff.words import BY_PERSON
from bot.outbox import Letter
from bot.storage.inbox import InboxRow

EMPTY = {"answer_ids": [], "choices": [], "source": ""}
# Of a letter's detail; the rest, such as which colleague wrote it, is the clinic's own.
TOLD = frozenset({*EMPTY, BY_PERSON})


def history_entries(
    rows: Sequence[InboxRow], letters: Iterable[Letter], thumbs: Mapping[int, str]
) -> list[dict[str, Any]]:
    """One entry for each message, oldest first.

    Args:
        rows: The conversation's messages with their replies, oldest first.
        letters: What it was sent without asking, oldest first.
        thumbs: ``up`` or ``down`` by the number of the message; it stands with the last reply.
    """
    waiting = list(letters)
    entries: list[dict[str, Any]] = []
    for row in rows:
        # A letter never comes between a message and its reply.
        while waiting and waiting[0].created_at <= row.received_at:
            entries.append(_of_letter(waiting.pop(0)))
        entries.extend(_of_row(row, thumbs.get(row.id, "")))
    return [*entries, *map(_of_letter, waiting)]


def _of_row(row: InboxRow, thumb: str) -> Iterator[dict[str, Any]]:
    asked = {"text": row.text, "at": row.received_at.isoformat(), "message_id": row.message_id}
    yield {"role": "patient", **asked}
    at = (row.finished_at or row.received_at).isoformat()
    named = {"role": "assistant", "at": at, "message_id": row.message_id}
    replies = row.reply or []
    for number, reply in enumerate(replies, 1):
        is_last = number == len(replies)
        yield {**named, **reply, **({"thumb": thumb} if is_last and thumb else {})}


def _of_letter(letter: Letter) -> dict[str, Any]:
    at = letter.created_at.isoformat()
    detail = {name: value for name, value in letter.detail.items() if name in TOLD}
    return {"role": "assistant", "at": at, "text": letter.body, **EMPTY, **detail}
