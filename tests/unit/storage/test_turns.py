from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.storage.audit import AuditLog, Entry
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.review import forget_words
from bot.storage.review_tables import review_turns
from bot.storage.turns import TurnFilter, TurnRepository

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
ROW = {
    "conversation_id": "web:a",
    "channel": "web",
    "at": NOON,
    "reply": [{"text": "Yes."}],
    "outcome": "answer",
    "intent": "faq/cost",
    "confidence": 0.9,
    "answer": "",
    "band": 3,
    "is_latest": True,
    "is_read": False,
}
WORDS = ("does it hurt", "how much is it", "It HURTS, l'été au café", "drop table; --", "a-b 100%")


@pytest.fixture
async def turns(database: Database) -> TurnRepository:
    rows = []
    for number in range(1, 101):
        rows.append(
            {
                **ROW,
                "inbox_id": number,
                "conversation_id": f"web:{number % 10}",
                "channel": "sms" if number % 10 < 3 else "web",
                "at": NOON + timedelta(hours=number),
                "text": WORDS[number % 5],
                "outcome": ("answer", "decline", "clarify")[number % 3],
                "confidence": number / 100,
                "answer": "faq/cost" if number % 2 else "",
                "band": 1 + number % 3,
                "is_latest": number > 90,
                "is_read": number <= 50,
            }
        )
    async with database.begin() as connection:
        await connection.execute(insert(review_turns), rows)
    return TurnRepository(database)


async def _numbers(turns: TurnRepository, **narrowed: object) -> list[int]:
    page = await turns.page(TurnFilter(**narrowed), 200)  # type: ignore[arg-type]
    return [turn.inbox_id for turn in page.turns]


async def test_without_a_filter_each_conversation_stands_once(turns: TurnRepository) -> None:
    assert await _numbers(turns) == list(range(100, 90, -1))
    assert await _numbers(turns, channel="sms") == [100, 92, 91]


@pytest.mark.parametrize(
    ("narrowed", "test"),
    [
        ({"outcome": "decline"}, lambda n: n % 3 == 1),
        ({"answer": "faq/cost"}, lambda n: n % 2),
        ({"answer": ""}, lambda n: not n % 2),
        ({"band": 2}, lambda n: n % 3 == 1),
        ({"is_read": False}, lambda n: n > 50),
        ({"outcome": "answer", "channel": "sms"}, lambda n: n % 3 == 0 and n % 10 < 3),
        ({"words": "hurt"}, lambda n: n % 5 in {0, 2}),
        ({"words": "HURT does"}, lambda n: n % 5 == 0),
        ({"words": "caf"}, lambda n: n % 5 == 2),
        ({"words": "table"}, lambda n: n % 5 == 3),
        ({"words": "hurt", "outcome": "answer"}, lambda n: n % 5 in {0, 2} and n % 3 == 0),
        ({"words": "nowhere"}, lambda n: False),
        (
            {"start": NOON + timedelta(hours=20), "end": NOON + timedelta(hours=30), "band": 1},
            lambda n: 20 <= n < 30 and n % 3 == 0,
        ),
    ],
)
async def test_a_filter_lets_through_what_it_says(
    turns: TurnRepository, narrowed: dict[str, object], test: object
) -> None:
    expected = [n for n in range(100, 0, -1) if test(n)]  # type: ignore[operator]
    assert await _numbers(turns, **narrowed) == expected


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  ",
        '"',
        "'",
        "*",
        "NEAR(a b)",
        "a AND OR NOT",
        "text:hurt",
        "!!",
        "(",
        ":*",
        "\0",
        "é\u0301",
        "🙂",
    ],
)
async def test_any_words_may_be_searched_for(turns: TurnRepository, words: str) -> None:
    await turns.page(TurnFilter(words=words), 10)


async def test_pages_follow_on_each_other_without_gap_or_repeat(turns: TurnRepository) -> None:
    seen: list[int] = []
    before = None
    while True:
        page = await turns.page(TurnFilter(is_read=False), 7, before)
        seen += [turn.inbox_id for turn in page.turns]
        if (before := page.older) is None:
            break
    assert seen == list(range(100, 50, -1))


async def test_a_conversation_is_read_from_its_end(turns: TurnRepository) -> None:
    last = await turns.of_conversation("web:7", 4)
    assert [turn.inbox_id for turn in last.turns] == [67, 77, 87, 97]
    before = await turns.of_conversation("web:7", 10, last.older)
    assert [turn.inbox_id for turn in before.turns] == [7, 17, 27, 37, 47, 57]
    assert before.older is None
    assert await turns.conversation(67) == "web:7"
    assert await turns.conversation(4711) is None


async def test_reading_is_noted_up_to_what_was_seen(
    turns: TurnRepository, database: Database
) -> None:
    entry = Entry("Kim", "conversation_read", "77")
    await turns.mark_read("web:7", 77, entry)
    await turns.mark_read("web:7", 77, entry)
    unread = [t.inbox_id for t in (await turns.of_conversation("web:7", 20)).turns if not t.is_read]
    assert unread == [87, 97]
    assert len(await AuditLog(database).page(5)) == 1


async def test_erased_rows_are_not_found_any_more(
    turns: TurnRepository, database: Database
) -> None:
    async with database.begin() as connection:
        await connection.execute(review_turns.delete().where(review_turns.c.inbox_id > 10))
        change = review_turns.update().where(review_turns.c.inbox_id == 10)
        await connection.execute(change.values(text="velvet"))
    assert await _numbers(turns, words="hurt") == [7, 5, 2]
    assert await _numbers(turns, words="velvet") == [10]


async def test_erased_words_are_in_the_file_no_more(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    await migrate(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}")
    rows = [{**ROW, "inbox_id": n, "text": f"hurt quixotic{n}"} for n in (1, 2)]
    async with database.begin() as connection:
        await connection.execute(insert(review_turns), rows)
    async with database.begin() as connection:
        await connection.execute(review_turns.delete().where(review_turns.c.inbox_id == 1))
    await forget_words(database)
    turns = TurnRepository(database)
    assert [t.inbox_id for t in (await turns.page(TurnFilter(words="hurt"), 9)).turns] == [2]
    await database.close()
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()
    kept = path.read_bytes()
    assert b"quixotic2" in kept
    assert b"quixotic1" not in kept
