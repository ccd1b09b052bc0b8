"""Rasa's conversations in the project's own database: appended, never rewritten.

Unlike the stock SQL store it does not block the event loop, loads only the current session, writes
only what is new, and fails aloud: a store that quietly falls back to memory loses conversations.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, insert, select, union_all

from bot.storage.database import Database
from bot.storage.tables import tracker_events

_SESSION_STARTED = SessionStarted.type_name
_LOOP = ActiveLoop.type_name
_SAID = (UserUttered.type_name, BotUttered.type_name, _SESSION_STARTED)
# About four turns.
RECENT = 12
# Noted on a tracker itself: how many of its events are rows already.
_STORED = "stored_events"


class DatabaseTrackerStore(TrackerStore):
    """Keeps events as rows. One conversation is handled by one task at a time (Rasa's lock)."""

    def __init__(
        self,
        domain: Domain | None,
        database: Database,
        event_broker: EventBroker | None = None,
    ) -> None:
        super().__init__(domain, event_broker)
        self._database = database

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The current session of a conversation, or None."""
        rows = await self._rows(sender_id, await self._session_start(sender_id))
        if not rows:
            return None
        tracker = self._tracker(sender_id, rows)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker

    async def retrieve_full_tracker(self, sender_id: str) -> DialogueStateTracker | None:
        """All sessions of a conversation, or None."""
        rows = await self._rows(sender_id, 0)
        return self._tracker(sender_id, rows) if rows else None

    async def recent(self, sender_id: str) -> list[dict[str, Any]]:
        """The newest things said in the current session, oldest first, in one small query.

        The event that opened or closed a form is among them, however long ago it was.
        """
        mine = tracker_events.c.sender_id == sender_id
        said = select(tracker_events).where(mine, tracker_events.c.type_name.in_(_SAID))
        loop = select(tracker_events).where(mine, tracker_events.c.type_name == _LOOP)
        newest = tracker_events.c.id.desc()
        either = union_all(
            select(said.order_by(newest).limit(RECENT).subquery()),
            select(loop.order_by(newest).limit(1).subquery()),
        ).subquery()
        query = select(either.c.type_name, either.c.data).order_by(either.c.id)
        async with self._database.read() as connection:
            rows = list(await connection.execute(query))
        opened = [at for at, row in enumerate(rows) if row.type_name == _SESSION_STARTED]
        return [_loaded(row.data) for row in rows[opened[-1] + 1 if opened else 0 :]]

    async def session(self, sender_id: str) -> list[dict[str, Any]]:
        """The events of the current session as they are kept, oldest first."""
        rows = await self._rows(sender_id, await self._session_start(sender_id))
        return [_loaded(row) for row in rows]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the events that came since the tracker was retrieved or last saved."""
        stored = getattr(tracker, _STORED, None)
        if stored is None:
            stored = await self._count_session(tracker.sender_id) if tracker.events else 0
        fresh = list(tracker.events)[stored:]
        if fresh:
            async with self._database.begin() as connection:
                await connection.execute(
                    insert(tracker_events), [_row(tracker.sender_id, event) for event in fresh]
                )
        setattr(tracker, _STORED, stored + len(fresh))
        if self.event_broker:
            await self._stream_new_events(self.event_broker, fresh, tracker.sender_id)

    async def keys(self) -> Iterable[str]:
        """Every conversation's id."""
        async with self._database.read() as connection:
            result = await connection.execute(select(tracker_events.c.sender_id).distinct())
            return list(result.scalars())

    async def _session_start(self, sender_id: str) -> int:
        """Row id of the latest session's first event; 0 when there is none."""
        latest = select(func.max(tracker_events.c.id)).where(
            tracker_events.c.sender_id == sender_id,
            tracker_events.c.type_name == _SESSION_STARTED,
        )
        async with self._database.read() as connection:
            return (await connection.execute(latest)).scalar() or 0

    async def _rows(self, sender_id: str, first_id: int) -> list[Any]:
        query = (
            select(tracker_events.c.data)
            .where(tracker_events.c.sender_id == sender_id, tracker_events.c.id >= first_id)
            .order_by(tracker_events.c.id)
        )
        async with self._database.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def _count_session(self, sender_id: str) -> int:
        return len(await self._rows(sender_id, await self._session_start(sender_id)))

    def _tracker(self, sender_id: str, rows: list[Any]) -> DialogueStateTracker:
        events = [Event.from_parameters(_loaded(row)) for row in rows]
        slots = self.domain.slots if self.domain else None
        return DialogueStateTracker.from_events(
            sender_id, [event for event in events if event is not None], slots
        )


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": event.timestamp,
        "data": json.dumps(event.as_dict(), ensure_ascii=False),
    }


def _loaded(row: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(row) if isinstance(row, str) else row
    return data
