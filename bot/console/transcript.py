"""A conversation in the order in which the patient saw it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.outbox import Letter
from bot.review.model import ReviewTurn
from bot.storage.inbox import InboxRow

Side = Literal["patient", "assistant", "clinic"]


@dataclass(frozen=True)
class Entry:
    """One bubble.

    Attributes:
        side: Who says it; "clinic" for what nobody asked for, such as a confirmed visit.
        text: The words.
        at: Aware.
        choices: Titles of the buttons under it.
        source: Where the words come from; may be empty.
        turn: How the message was understood; only beside a patient's message.
        state: Of a letter: how far it has come; empty for the others.
        anchor: The message's number, to lead a link to; 0 for the others.
    """

    side: Side
    text: str
    at: datetime
    choices: tuple[str, ...] = ()
    source: str = ""
    turn: ReviewTurn | None = None
    state: str = ""
    anchor: int = 0


def redacted(turns: Iterable[ReviewTurn], letters: Sequence[Entry]) -> list[Entry]:
    """From the copies.

    Args:
        turns: Oldest first.
        letters: What was sent without asking, oldest first, redacted.
    """
    said = []
    for turn in turns:
        said.append(Entry("patient", turn.text, turn.at, turn=turn, anchor=turn.inbox_id))
        said += [_reply(reply, turn.at) for reply in turn.reply]
    return _merged(said, letters)


def original(rows: Iterable[InboxRow], letters: Sequence[Entry]) -> list[Entry]:
    """As it was written; only for who may see it."""
    said = []
    for row in rows:
        said.append(Entry("patient", row.text, row.received_at, anchor=row.id))
        said += [_reply(reply, row.received_at) for reply in row.reply or []]
    return _merged(said, letters)


def letter_entries(letters: Iterable[Letter]) -> list[Entry]:
    """What was sent to the patient without asking, as it was written."""
    return [
        Entry("clinic", letter.body, letter.created_at, state=letter.state.value)
        for letter in letters
    ]


def _reply(reply: dict[str, Any], at: datetime) -> Entry:
    titles = tuple(str(choice.get("title", "")) for choice in reply.get("choices") or [])
    return Entry(
        "assistant", str(reply.get("text", "")), at, titles, str(reply.get("source") or "")
    )


def _merged(said: Sequence[Entry], letters: Sequence[Entry]) -> list[Entry]:
    """A letter never comes between a message and its reply, which have the same moment here."""
    # Sorting keeps the order of what has the same moment: replies stay behind their message.
    return sorted([*said, *letters], key=lambda entry: entry.at)
