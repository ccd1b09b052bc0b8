"""Counts a day of the clinic's from what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import String, case, cast, func, literal, select, type_coerce
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.booking.model import Status
from bot.figures.model import Day, Tally
from bot.handoff import STAFF_MESSAGE
from bot.storage.database import Database
from bot.storage.handoff_tables import handoffs
from bot.storage.learning_tables import feedback
from bot.storage.review_tables import review_turns
from bot.storage.tables import booking_events, bookings, inbox, outbox, tracker_events

COPIES = review_turns.c
ASKED = "booking/request"
ANSWER, BOOKING, WITH_STAFF = "answer", "booking", "with_staff"
NO_REPLY = "[]"
# A request belongs to the question a patient asked within the day before it.
WITHIN = timedelta(hours=24)
# As it stands in the event that begins the form.
FORM = '"booking_form"'
# Rows that are read, and names that are asked for, at a time.
AT_ONCE = 500
# An offer is also what is confirmed at once.
OFFERED = (Status.PROPOSED.value, Status.CONFIRMED.value)


async def count_day(database: Database, start: datetime, end: datetime) -> Day:
    """What happened between two moments, by channel.

    Args:
        database: Where the messages are.
        start: Aware.
        end: Aware; not included.
    """
    day: defaultdict[str, Tally] = defaultdict(Tally)
    async with database.read() as connection:
        await _outcomes(connection, day, start, end)
        await _replies(connection, day, start, end)
        await _waits(connection, day, start, end)
        await _visits(connection, day, start, end)
    return dict(day)


def _between(column: Any, start: datetime, end: datetime) -> Any:
    return (column >= start) & (column < end)


async def _outcomes(
    connection: AsyncConnection, day: dict[str, Tally], start: datetime, end: datetime
) -> None:
    is_down = (feedback.c.inbox_id == COPIES.inbox_id) & (feedback.c.thumb == "down")
    columns = (COPIES.channel, COPIES.outcome, COPIES.answer)
    wanted = (
        select(*columns, func.count(), func.count(feedback.c.id))
        .select_from(review_turns.outerjoin(feedback, is_down))
        .where(_between(COPIES.at, start, end))
        .group_by(*columns)
    )
    for channel, outcome, answer, count, down in await connection.execute(wanted):
        tally = day[channel]
        tally.outcomes[outcome] += count
        if outcome == ANSWER and answer:
            tally.answers[answer] += count
            if down:
                tally.thumbs_down[answer] += down


async def _replies(
    connection: AsyncConnection, day: dict[str, Tally], start: datetime, end: datetime
) -> None:
    """Where a reply leaves through the outbox its first letter counts, once it was sent."""
    first = literal("reply/") + cast(COPIES.inbox_id, String) + literal("/1")
    joined = review_turns.join(inbox, inbox.c.id == COPIES.inbox_id).outerjoin(
        outbox, outbox.c.idempotency_key == first
    )
    replied_at = case((outbox.c.id.is_(None), inbox.c.finished_at), else_=outbox.c.sent_at)
    # As text: a type of its own would be called for each row.
    wanted = (
        select(COPIES.channel, type_coerce(COPIES.at, String), type_coerce(replied_at, String))
        .select_from(joined)
        .where(_between(COPIES.at, start, end) & (COPIES.outcome != WITH_STAFF))
        .where(type_coerce(COPIES.reply, String) != NO_REPLY)
    )
    stream = await connection.stream(wanted)
    async for rows in stream.partitions(AT_ONCE):
        for channel, came, went in rows:
            if went is not None:
                day[channel].replies.add(_seconds(came, went))


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


async def _waits(
    connection: AsyncConnection, day: dict[str, Tally], start: datetime, end: datetime
) -> None:
    """From asking for a person, or writing to one, to what staff wrote next."""
    letters = outbox.c.kind == STAFF_MESSAGE
    first = select(func.min(outbox.c.created_at)).where(letters)
    of_talk = literal("handoff/") + cast(handoffs.c.id, String) + literal("/%")
    in_talk = first.where(outbox.c.conversation_id == handoffs.c.conversation_id).where(
        outbox.c.idempotency_key.like(of_talk)
    )
    asked = select(handoffs.c.channel, handoffs.c.opened_at, in_talk.scalar_subquery()).where(
        _between(handoffs.c.opened_at, start, end) & handoffs.c.asked_at.is_not(None)
    )
    after = first.where(outbox.c.conversation_id == COPIES.conversation_id).where(
        outbox.c.created_at >= COPIES.at
    )
    written = select(COPIES.channel, COPIES.at, after.scalar_subquery()).where(
        _between(COPIES.at, start, end) & (COPIES.outcome == WITH_STAFF)
    )
    for kind, wanted in (("person", asked), ("talk", written)):
        for channel, came, went in await connection.execute(wanted):
            seconds = None if went is None else round((went - came).total_seconds(), 1)
            day[channel].waits[kind].append(seconds)
    for tally in day.values():
        for waited in tally.waits.values():
            # So that the same day counted again is the same row.
            waited.sort(key=lambda one: (one is None, one or 0.0))


@dataclass(frozen=True)
class _Asking:
    """A conversation in which somebody asked for a visit."""

    name: str
    channel: str
    at: datetime

    def is_followed_by(self, moment: datetime) -> bool:
        return self.at <= moment < self.at + WITHIN


async def _visits(
    connection: AsyncConnection, day: dict[str, Tally], start: datetime, end: datetime
) -> None:
    asking = await _askings(connection, start, end)
    names = [one.name for one in asking]
    begun = await _begun(connection, names)
    requests = await _requests(connection, names)
    reached = await _reached(connection, [row.id for rows in requests.values() for row in rows])
    for one in asking:
        visits = day[one.channel].visits
        visits["asked"] += 1
        mine = [row for row in requests.get(one.name, []) if one.is_followed_by(row.created_at)]
        statuses = {status for row in mine for status in reached.get(row.id, ())}
        # Who sent a request had begun one, also where Rasa's record of it is gone.
        if mine or any(one.is_followed_by(moment) for moment in begun.get(one.name, [])):
            visits["begun"] += 1
        visits["sent"] += bool(mine)
        visits["offered"] += bool(statuses.intersection(OFFERED))
        visits["confirmed"] += Status.CONFIRMED.value in statuses


async def _askings(connection: AsyncConnection, start: datetime, end: datetime) -> list[_Asking]:
    wanted = (
        select(COPIES.conversation_id, COPIES.channel, func.min(COPIES.at))
        .where(_between(COPIES.at, start, end))
        .where((COPIES.outcome == BOOKING) & (COPIES.intent == ASKED))
        .group_by(COPIES.conversation_id, COPIES.channel)
    )
    return [_Asking(*row) for row in await connection.execute(wanted)]


async def _begun(connection: AsyncConnection, names: Sequence[str]) -> dict[str, list[datetime]]:
    """When the form was begun in these conversations; Rasa counts in seconds."""
    events = tracker_events.c
    is_form = events.type_name == "active_loop"
    columns = select(events.sender_id, events.timestamp, events.data).where(is_form)
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for row in await _of(connection, columns, events.sender_id, names):
        # What an event holds is encrypted, so the database cannot look into it.
        if FORM in row.data:
            moment = datetime.fromtimestamp(row.timestamp, tz=timezone.utc)
            found[row.sender_id].append(moment)
    return found


async def _requests(connection: AsyncConnection, names: Sequence[str]) -> dict[str, list[Row]]:
    columns = select(bookings.c.id, bookings.c.conversation_id, bookings.c.created_at)
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in await _of(connection, columns, bookings.c.conversation_id, names):
        found[row.conversation_id].append(row)
    return found


async def _reached(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, set[str]]:
    columns = select(booking_events.c.booking_id, booking_events.c.new)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for row in await _of(connection, columns, booking_events.c.booking_id, numbers):
        found[row.booking_id].add(row.new)
    return found


async def _of(
    connection: AsyncConnection, wanted: Any, column: Any, values: Collection[Any]
) -> Iterable[Row]:
    """Rows with one of many values, some at a time: SQLite takes some thousand at once."""
    ordered, rows = sorted(values), []
    for first in range(0, len(ordered), AT_ONCE):
        some = column.in_(ordered[first : first + AT_ONCE])
        rows += (await connection.execute(wanted.where(some))).all()
    return rows
