from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.tables import conversations

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
REPLY = [{"text": "Most people feel little. 😀", "choices": ["clinic/fees"], "source": None}]


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(database: Database, clock: Clock) -> InboxRepository:
    return InboxRepository(database, clock)


async def test_a_message_is_taken(inbox: InboxRepository) -> None:
    row = await inbox.take("web", "conversation", "m1", "does it hurt")
    assert row.is_new
    assert (row.channel, row.conversation_id, row.message_id) == ("web", "conversation", "m1")
    assert (row.text, row.received_at, row.status) == ("does it hurt", NOON, "received")
    assert (row.reply, row.finished_at) == (None, None)


async def test_the_same_message_again_is_the_earlier_one(
    inbox: InboxRepository, clock: Clock
) -> None:
    first = await inbox.take("web", "conversation", "m1", "does it hurt")
    await inbox.finish(first.id, REPLY)
    clock.now += timedelta(minutes=1)
    again = await inbox.take("web", "conversation", "m1", "another text")
    assert not again.is_new
    assert (again.id, again.text, again.received_at) == (first.id, "does it hurt", NOON)
    assert (again.status, again.reply) == ("done", REPLY)


async def test_the_same_message_at_the_same_moment_is_taken_once(inbox: InboxRepository) -> None:
    rows = await asyncio.gather(*(inbox.take("sms", "c", "SM1", "hi") for _ in range(20)))
    assert sum(row.is_new for row in rows) == 1
    assert len({row.id for row in rows}) == 1


async def test_one_id_in_two_conversations_is_two_messages(inbox: InboxRepository) -> None:
    await inbox.take("web", "one", "m1", "hi")
    assert (await inbox.take("web", "two", "m1", "hi")).is_new


async def test_history_is_one_conversation_oldest_first(inbox: InboxRepository) -> None:
    for conversation, message in (("one", "b"), ("two", "x"), ("one", "a")):
        await inbox.take("web", conversation, message, f"text {message}")
    assert [row.text for row in await inbox.history("one")] == ["text b", "text a"]
    assert await inbox.history("nobody") == []


async def test_a_finished_message_keeps_its_reply(inbox: InboxRepository, clock: Clock) -> None:
    row = await inbox.take("web", "c", "m", "hi")
    clock.now += timedelta(seconds=2)
    await inbox.finish(row.id, REPLY)
    (kept,) = await inbox.history("c")
    assert (kept.status, kept.reply, kept.finished_at) == ("done", REPLY, clock.now)


async def test_only_messages_that_are_neither_done_nor_failed_are_unfinished(
    inbox: InboxRepository,
) -> None:
    rows = [await inbox.take("web", "c", str(number), "hi") for number in range(3)]
    await inbox.finish(rows[0].id, [])
    await inbox.fail(rows[1].id)
    assert [row.message_id for row in await inbox.unfinished("web")] == ["2"]
    assert [row.status for row in await inbox.history("c")] == ["done", "failed", "received"]


async def test_a_message_opens_its_conversation_and_marks_it_seen(
    inbox: InboxRepository, clock: Clock, database: Database
) -> None:
    await inbox.take("messenger", "c", "m1", "hi")
    clock.now += timedelta(hours=1)
    await inbox.take("messenger", "c", "m2", "hi")
    async with database.read() as connection:
        (row,) = (await connection.execute(select(conversations))).all()
    assert (row.id, row.channel) == ("c", "messenger")
    assert (row.created_at, row.last_seen_at) == (NOON, clock.now)


@pytest.mark.parametrize(
    "text", ["", "<b>x</b>", "'; drop table inbox;--", "疼吗 😀", "a\0b", "\ud83d"]
)
async def test_any_text_can_be_taken(inbox: InboxRepository, text: str) -> None:
    taken = await inbox.take("web", "c", "m", text)
    (kept,) = await inbox.history("c")
    assert kept.text == taken.text == text.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")
