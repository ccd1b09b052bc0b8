from __future__ import annotations

from datetime import timedelta

from patients_world import NOW, OTHER_PHONE, PHONE, World
from sqlalchemy import insert

from bot.continuing import Reach
from bot.storage.database import Database
from bot.storage.link_tables import conversation_links
from bot.storage.links import LinkRepository

SMS = f"sms:{PHONE}"


async def _link(database: Database, conversation: str, sms_id: str, days_ago: int = 0) -> None:
    at = NOW - timedelta(days=days_ago)
    values = {"conversation_id": conversation, "sms_id": sms_id, "linked_at": at}
    async with database.begin() as connection:
        await connection.execute(insert(conversation_links).values(**values))


async def _reached(database: Database, conversation: str) -> list[str]:
    reach = Reach(World(database).desk(), LinkRepository(database), timedelta(days=30), lambda: NOW)
    return [booking.reference for booking in await reach.requests(conversation)]


async def test_a_phone_reaches_the_chat_it_was_proved_in_and_no_other(database: Database) -> None:
    early = World(database).after(hours=-1)
    mine = await early.book("web:a", "Mine", OTHER_PHONE)
    await early.book("web:b", "Other")
    own = await World(database).book(SMS, "Own")
    assert await _reached(database, SMS) == [own.reference]
    await _link(database, "web:a", SMS)
    assert await _reached(database, SMS) == [own.reference, mine.reference]
    # Not the other way, and nobody else.
    assert await _reached(database, "web:a") == [mine.reference]
    assert await _reached(database, f"sms:{OTHER_PHONE}") == []


async def test_what_the_chat_asks_for_later_is_reached_only_with_the_same_phone(
    database: Database,
) -> None:
    await _link(database, "web:a", SMS)
    later = World(database).after(hours=1)
    await later.book("web:a", "Somebody else", OTHER_PHONE)
    mine = await later.after(hours=1).book("web:a", "Mine")
    assert await _reached(database, SMS) == [mine.reference]


async def test_a_proof_ends(database: Database) -> None:
    await World(database).after(days=-40).book("web:a", "Mine")
    await _link(database, "web:a", SMS, days_ago=30)
    assert await _reached(database, SMS) == []
