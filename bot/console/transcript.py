"""A conversation in the order in which the patient saw it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.handoff.words import WRITER
from bot.outbox import Letter, State
from bot.review.model import ReviewTurn
from bot.storage.inbox import InboxRow
from bot.storage.outbox import WITHDRAWN

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
        state: Of what a provider is handed: how far it has come; empty for the others.
        anchor: The message's number, to lead a link to; 0 for the others.
        writer: Who of the clinic wrote it; empty for the others.
        way: The channel it went by, where that is not the conversation's own; else empty.
    """

    side: Side
    text: str
    at: datetime
    choices: tuple[str, ...] = ()
    source: str = ""
    turn: ReviewTurn | None = None
    state: str = ""
    anchor: int = 0
    writer: str = ""
    way: str = ""


def redacted(
    turns: Iterable[ReviewTurn],
    letters: Sequence[Entry] = (),
    fates: Mapping[int, str] | None = None,
) -> list[Entry]:
    """From the copies.

    Args:
        turns: Oldest first.
        letters: What was sent without asking, oldest first, redacted.
        fates: How far the reply to each message has come.
    """
    come = fates or {}
    said = []
    for turn in turns:
        said.append(Entry("patient", turn.text, turn.at, turn=turn, anchor=turn.inbox_id))
        state = come.get(turn.inbox_id, "")
        said += [_reply(reply, turn.at, state) for reply in turn.reply]
    return _merged(said, letters)


def original(
    rows: Iterable[InboxRow], letters: Sequence[Entry], fates: Mapping[int, str]
) -> list[Entry]:
    """As it was written; only for who may see it."""
    said = []
    for row in rows:
        said.append(Entry("patient", row.text, row.received_at, anchor=row.id))
        state = fates.get(row.id, "")
        said += [_reply(reply, row.received_at, state) for reply in row.reply or []]
    return _merged(said, letters)


def letter_entries(letters: Iterable[Letter], channel: str) -> list[Entry]:
    """What was sent to the patient without asking, as it was written.

    Args:
        letters: All of a conversation; those that carry a reply stand with their message.
        channel: The conversation's.
    """
    return [
        Entry(
            "clinic",
            letter.body,
            letter.created_at,
            state=letter.state.value,
            writer=str(letter.detail.get(WRITER, "")),
            way=letter.channel if letter.channel != channel else "",
        )
        for letter in letters
        if letter.answers is None and letter.fault != WITHDRAWN
    ]


def fates_of(letters: Iterable[Letter]) -> dict[int, str]:
    """How far the reply to each message has come, where a provider is handed it."""
    replies: dict[int, list[Letter]] = defaultdict(list)
    for letter in letters:
        if letter.answers is not None:
            replies[letter.answers].append(letter)
    return {number: _fate(parts).value for number, parts in replies.items()}


def _fate(parts: Sequence[Letter]) -> State:
    arrived = [letter.idempotency_key for letter in parts if letter.state is State.SENT]
    for letter in parts:
        # Sent by another way instead, its key goes on from the lost one's.
        again = f"{letter.idempotency_key}/"
        if letter.state is State.DEAD and not any(key.startswith(again) for key in arrived):
            return State.DEAD
    is_under_way = any(letter.state in {State.PENDING, State.FAILED} for letter in parts)
    return State.PENDING if is_under_way else State.SENT


def _reply(reply: dict[str, Any], at: datetime, state: str) -> Entry:
    titles = tuple(str(choice.get("title", "")) for choice in reply.get("choices") or [])
    words, source = str(reply.get("text", "")), str(reply.get("source") or "")
    return Entry("assistant", words, at, titles, source, state=state)


def _merged(said: Sequence[Entry], letters: Sequence[Entry]) -> list[Entry]:
    """A letter never comes between a message and its reply, which have the same moment here."""
    # Sorting keeps the order of what has the same moment: replies stay behind their message.
    return sorted([*said, *letters], key=lambda entry: entry.at)
