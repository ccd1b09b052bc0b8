"""Messages of providers as a queue: taken in one transaction, answered one at a time each.

The database decides who answers what. Only the oldest unanswered message of a conversation can be
claimed, and while it is claimed none after it can be: turns of a conversation keep their order and
never run side by side, however many processes there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.consents import ConsentChange, is_out, keep_consent
from bot.storage.database import Database
from bot.storage.inbox import InboxRow, take_message, to_row
from bot.storage.outbox import was_written_to
from bot.storage.tables import inbox
from bot.storage.types import utc_now


@dataclass(frozen=True)
class Arrival:
    """A message as it came in.

    Attributes:
        channel: sms or messenger.
        conversation_id: Whose.
        message_id: The provider's own id of it.
        text: As the patient wrote it; may be empty.
        detail: What came with the words; see ``InboxRow``.
        is_answered: False for one that is kept without a turn.
        consent: What it changes of the patient's consent, and by which word; a "start" counts
            after a "stop" alone.
        heeds_consent: Whether a patient who said "stop" gets no answer.
    """

    channel: str
    conversation_id: str
    message_id: str
    text: str
    detail: Mapping[str, Any] | None = None
    is_answered: bool = True
    consent: tuple[ConsentChange, str] | None = None
    heeds_consent: bool = False


@dataclass(frozen=True)
class Taken:
    """What became of an arrival.

    Attributes:
        arrival: As it was kept.
        row: Its row; ``is_new`` is False when it had been taken before.
        is_silenced: Whether it gets no answer since the patient had said "stop".
    """

    arrival: Arrival
    row: InboxRow
    is_silenced: bool


@dataclass(frozen=True)
class Claimed:
    """A message for one worker.

    Attributes:
        row: With this attempt counted.
        is_first: Whether the conversation has had no answer yet.
    """

    row: InboxRow
    is_first: bool


class InboxQueue:
    """The inbox table, as the channels of providers use it."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def take(self, arrivals: Sequence[Arrival]) -> list[Taken]:
        """Keeps messages, in the order given; when this returns, all of them are committed.

        Returns:
            What became of each; those that had been taken before come first.
        """
        now = self._clock()
        # Providers repeat themselves, most of all when they had to wait: reading waits for nobody.
        before = await self._taken_before(arrivals)
        new = [one for one in arrivals if _name(one) not in before]

        async def take(connection: AsyncConnection) -> list[Taken]:
            return [await _take(connection, arrival, now) for arrival in new]

        taken = await self._database.write(take, is_urgent=True) if new else []
        return [*(Taken(one, row, False) for one, row in before.values()), *taken]

    async def _taken_before(
        self, arrivals: Sequence[Arrival]
    ) -> dict[tuple[str, str], tuple[Arrival, InboxRow]]:
        """Those of the arrivals that are known, by their names."""
        named = {_name(arrival): arrival for arrival in arrivals}
        same = tuple_(inbox.c.conversation_id, inbox.c.message_id).in_(list(named))
        async with self._database.read() as connection:
            rows = [to_row(row) for row in await connection.execute(select(inbox).where(same))]
        names = {(row.conversation_id, row.message_id): row for row in rows}
        return {name: (named[name], row) for name, row in names.items()}

    async def claim(self, conversation_id: str, lease: timedelta) -> Claimed | None:
        """The oldest unanswered message of a conversation, for one worker.

        Args:
            conversation_id: Whose.
            lease: For so long nobody else gets it.

        Returns:
            None when there is none, or somebody works on it.
        """
        now = self._clock()
        mine = (inbox.c.conversation_id == conversation_id) & (inbox.c.status == "received")
        oldest = select(inbox).where(mine).order_by(inbox.c.id).limit(1)

        async def claim(connection: AsyncConnection) -> Claimed | None:
            # In SQLite whoever may write is alone; in PostgreSQL the row is locked.
            row = (await connection.execute(oldest.with_for_update(skip_locked=True))).first()
            found = to_row(row) if row else None
            if found is None or (found.claimed_until is not None and found.claimed_until > now):
                return None
            if not self._database.is_sqlite and await _is_overtaking(connection, found):
                return None
            values: dict[str, Any] = {"claimed_until": now + lease, "attempts": found.attempts + 1}
            await connection.execute(update(inbox).where(inbox.c.id == found.id).values(**values))
            is_first = not await _was_answered(connection, conversation_id)
            return Claimed(replace(found, **values), is_first)

        return await self._database.write(claim)

    async def waiting(self, channels: Collection[str]) -> list[str]:
        """The conversations with a message that nobody works on, in the order of arrival."""
        is_free = or_(inbox.c.claimed_until.is_(None), inbox.c.claimed_until <= self._clock())
        unanswered = (inbox.c.status == "received") & inbox.c.channel.in_(list(channels))
        first = func.min(inbox.c.id)
        wanted = (
            select(inbox.c.conversation_id, first)
            .where(unanswered & is_free)
            .group_by(inbox.c.conversation_id)
            .order_by(first)
        )
        async with self._database.read() as connection:
            return [row.conversation_id for row in await connection.execute(wanted)]

    async def release(self, channels: Collection[str]) -> int:
        """Ends every claim; for the start of a process that is the only one.

        Returns:
            How many messages somebody had died with.
        """
        held = (
            (inbox.c.status == "received")
            & inbox.c.channel.in_(list(channels))
            & inbox.c.claimed_until.is_not(None)
        )
        async with self._database.begin() as connection:
            result = await connection.execute(update(inbox).where(held).values(claimed_until=None))
            return int(result.rowcount)

    async def is_waiting(self, conversation_id: str) -> bool:
        """Whether a message of a conversation has no answer yet."""
        mine = (inbox.c.conversation_id == conversation_id) & (inbox.c.status == "received")
        async with self._database.read() as connection:
            found = await connection.execute(select(inbox.c.id).where(mine).limit(1))
            return found.first() is not None

    async def last_received(self, conversation_id: str) -> datetime | None:
        """When the patient last wrote; None when never."""
        wanted = select(func.max(inbox.c.received_at)).where(
            inbox.c.conversation_id == conversation_id
        )
        async with self._database.read() as connection:
            latest: datetime | None = (await connection.execute(wanted)).scalar()
            return latest


def _name(arrival: Arrival) -> tuple[str, str]:
    return arrival.conversation_id, arrival.message_id


async def _is_overtaking(connection: AsyncConnection, found: InboxRow) -> bool:
    """Whether an earlier message was passed over, since another process holds it this moment."""
    mine = (inbox.c.conversation_id == found.conversation_id) & (inbox.c.status == "received")
    earlier = await connection.execute(select(func.min(inbox.c.id)).where(mine))
    return bool(earlier.scalar() != found.id)


async def _latest_reply(connection: AsyncConnection, conversation_id: str) -> int | None:
    """The newest message of a conversation that was answered in words; None when there is none."""
    # NULL, where nothing was said yet, differs from nothing and counts as neither.
    answered = (inbox.c.conversation_id == conversation_id) & (inbox.c.reply != [])
    wanted = select(inbox.c.id).where(answered).order_by(inbox.c.id.desc()).limit(1)
    latest: int | None = (await connection.execute(wanted)).scalar()
    return latest


async def _was_answered(connection: AsyncConnection, conversation_id: str) -> bool:
    """Whether the patient has heard from us here: a reply, or the first text after a proof."""
    if await _latest_reply(connection, conversation_id) is not None:
        return True
    return await was_written_to(connection, conversation_id)


async def _take(connection: AsyncConnection, arrival: Arrival, now: datetime) -> Taken:
    heard, is_heeded = await _heard(connection, arrival)
    row = await take_message(
        connection,
        arrival.channel,
        arrival.conversation_id,
        arrival.message_id,
        arrival.text,
        now=now,
        detail=heard.detail,
    )
    if not row.is_new:
        return Taken(heard, row, is_heeded)
    if heard.consent is not None:
        change, source = heard.consent
        await keep_consent(connection, arrival.conversation_id, change, source, now)
    if not heard.is_answered:
        done = {"status": "done", "reply": [], "finished_at": now}
        await connection.execute(update(inbox).where(inbox.c.id == row.id).values(**done))
        row = replace(row, status="done", reply=[], finished_at=now)
    return Taken(heard, row, is_heeded)


async def _heard(connection: AsyncConnection, arrival: Arrival) -> tuple[Arrival, bool]:
    """The arrival in the light of the patient's consent; and whether an opt-out silences it."""
    change = arrival.consent[0] if arrival.consent else None
    if not arrival.heeds_consent or change == "stop":
        return arrival, False
    if not await is_out(connection, arrival.conversation_id):
        # A "start" that ends nothing is a word like any other.
        return replace(arrival, consent=None), False
    if change == "start":
        return replace(arrival, detail={**(arrival.detail or {}), "restarted": True}), False
    return replace(arrival, is_answered=False), True
