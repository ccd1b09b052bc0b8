from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from pathlib import Path

import pytest
from rasa.core.lock_store import InMemoryLockStore
from storage.databases import KEYS

from bot.continuing import Busy, Carried
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.inbox_queue import InboxQueue
from bot.storage.migrate import migrate
from bot.storage.tables import tracker_events
from bot.storage.tracker_store import DatabaseTrackerStore
from bot.turn.dialogues import RasaDialogues

NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
WEB, SMS = "web:a", "sms:+17805550134"
ANSWER = (
    '{"event": "bot", "timestamp": 1.0, "text": "Very little.", '
    '"metadata": {"outcome": "answer", "answer_ids": ["faq/does_it_hurt"]}}'
)


@pytest.fixture
async def database(tmp_path: Path) -> Database:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    await migrate(url)
    opened = Database(url, keys=KEYS)
    row = {"sender_id": WEB, "type_name": "bot", "timestamp": 1.0, "data": ANSWER}
    async with opened.begin() as connection:
        await connection.execute(tracker_events.insert().values(**row))
    return opened


def _dialogues(database: Database, locks: InMemoryLockStore) -> RasaDialogues:
    trackers = DatabaseTrackerStore(None, database)
    return RasaDialogues(trackers, locks, InboxQueue(database), lambda: NOW, "It goes on.")


async def test_inside_no_turn_of_either_runs(database: Database) -> None:
    locks = InMemoryLockStore()
    async with _dialogues(database, locks).held(WEB, SMS) as carried:
        assert carried.arriving
        for name in (WEB, SMS):
            assert locks.is_someone_waiting(name)
    for name in (WEB, SMS):
        async with locks.lock(name):
            pass


async def test_a_turn_that_runs_is_waited_for(database: Database) -> None:
    locks = InMemoryLockStore()
    order: list[str] = []

    async def goes_on() -> None:
        async with _dialogues(database, locks).held(WEB, SMS):
            order.append("held")

    async with locks.lock(WEB):
        waiting = asyncio.ensure_future(goes_on())
        await asyncio.sleep(0.05)
        order.append("turn")
    await waiting
    assert order == ["turn", "held"]


async def test_what_never_ends_is_not_waited_for_without_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.turn.dialogues.PATIENCE_SECONDS", 0.05)
    locks = InMemoryLockStore()
    async with locks.lock(SMS):
        with pytest.raises(Busy) as refused:
            async with _dialogues(database, locks).held(WEB, SMS):
                pytest.fail("a turn runs there")
    assert (refused.value.status, refused.value.is_told) == (503, True)
    # What was held is free again.
    async with locks.lock(WEB):
        pass


async def test_a_text_that_waits_for_its_answer_is_left_in_peace(database: Database) -> None:
    await InboxRepository(database).take("sms", SMS, "m1", "text me")
    async with _dialogues(database, InMemoryLockStore()).held(WEB, SMS) as carried:
        assert carried == Carried()
