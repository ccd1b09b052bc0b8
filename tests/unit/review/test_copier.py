from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete

from bot.booking import BookingRequest, BookingService
from bot.redaction import Redactor
from bot.review.copier import Copier
from bot.review.model import band_of
from bot.review.names import Phrases, names_in
from bot.settings import ROOT
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository, Understood
from bot.storage.review import ReviewRepository
from bot.storage.tables import inbox
from bot.storage.turns import TurnFilter, TurnRepository

PHRASES = Phrases.load(ROOT / "domain.yml")
REDACTOR = Redactor()
ANSWER = Understood("answer", "faq/does_it_hurt", 0.93)


def _reply(text: str, *ids: str) -> list[dict[str, Any]]:
    return [{"text": text, "answer_ids": list(ids), "choices": [], "source": ""}]


class Talk:
    """Conversations that are answered, copied and read."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.inbox = InboxRepository(database)
        self.turns = TurnRepository(database)
        self.number = 0
        self.copier = Copier(ReviewRepository(database), self.turns, lambda: REDACTOR, PHRASES)

    async def say(self, text: str, reply: str, who: str = "web:a", how: Understood = ANSWER) -> int:
        self.number += 1
        row = await self.inbox.take(who.split(":", maxsplit=1)[0], who, f"m{self.number}", text)
        await self.inbox.finish(row.id, _reply(reply, how.intent or ""), how)
        return row.id

    async def texts(self, who: str = "web:a") -> list[str]:
        page = await self.turns.of_conversation(who, 50)
        return [words for turn in page.turns for words in (turn.text, turn.reply[0]["text"])]


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


async def test_what_is_answered_is_copied_redacted(talk: Talk) -> None:
    number = await talk.say("does it hurt? call 780-555-0199", "Little. We call 780-555-0199.")
    open_one = await talk.inbox.take("web", "web:a", "open", "not answered yet")
    assert await talk.copier.run_once() == 1
    (turn,) = (await talk.turns.of_conversation("web:a", 50)).turns
    assert (turn.inbox_id, turn.channel, turn.outcome) == (number, "web", "answer")
    assert (turn.intent, turn.confidence, turn.answer) == (
        "faq/does_it_hurt",
        0.93,
        "faq/does_it_hurt",
    )
    assert turn.text == "does it hurt? call [phone]"
    assert turn.reply[0]["text"] == "Little. We call [phone]."
    await talk.inbox.fail(open_one.id)
    assert await talk.copier.run_once() == 1
    assert (await talk.turns.of_conversation("web:a", 50)).turns[-1].outcome == "failed"
    assert await talk.copier.run_once() == 0


async def test_a_name_that_was_asked_for_is_taken_out_everywhere(talk: Talk) -> None:
    await talk.say("ping me, quigley here", "Happy to pass on a request.")
    await talk.say("tomorrow", PHRASES.asks)
    await talk.copier.run_once()
    await talk.say("quigley o'test", f"{PHRASES.summary}quigley o'test; tomorrow; back.")
    await talk.say("thx from quigley", "You are welcome, Quigley.")
    await talk.copier.run_once()
    texts = await talk.texts()
    assert not any("quigley" in text.lower() for text in texts), texts
    assert texts[4] == "[name]"


async def test_a_name_of_a_booking_is_taken_out(talk: Talk) -> None:
    service = BookingService(BookingRepository(talk.database))
    request = BookingRequest("Zuri", "back", "friday", "first", True, "+17805550199")
    await service.request(request, "one", "web:a", "web")
    await talk.say("zuri again", "Hello.")
    await talk.say("zuri again", "Hello.", who="web:b")
    await talk.copier.run_once()
    assert (await talk.texts())[0] == "[name] again"
    assert (await talk.texts("web:b"))[0] == "zuri again"


async def test_two_copiers_at_once_make_one_copy(talk: Talk) -> None:
    for number in range(12):
        await talk.say(f"message {number}", "Yes.", who=f"web:{number % 3}")
    other = Copier(ReviewRepository(talk.database), talk.turns, lambda: REDACTOR, PHRASES)
    await asyncio.gather(talk.copier.run_once(), other.run_once(), return_exceptions=True)
    await talk.copier.run_once()
    page = await talk.turns.page(TurnFilter(outcome="answer"), 50)
    assert len(page.turns) == 12
    latest = await talk.turns.page(TurnFilter(), 50)
    assert [turn.conversation_id for turn in latest.turns] == ["web:2", "web:1", "web:0"]


async def test_what_was_erased_is_not_copied_back(talk: Talk) -> None:
    await talk.say("does it hurt", "Little.")
    rows = await talk.copier._review.pending(10)
    async with talk.database.begin() as connection:
        await connection.execute(delete(inbox))
    turns = talk.copier._redacted(rows, [])
    await talk.copier._review.keep(turns)
    assert not (await talk.turns.of_conversation("web:a", 50)).turns


async def test_a_message_that_ends_late_is_copied_and_not_the_newest(talk: Talk) -> None:
    slow = await talk.inbox.take("web", "web:a", "slow", "slow")
    await talk.say("quick", "Yes.")
    await talk.copier.run_once()
    await talk.inbox.finish(slow.id, _reply("At last."), replace(ANSWER, confidence=0.2))
    assert await talk.copier.run_once() == 1
    (newest,) = (await talk.turns.page(TurnFilter(), 50)).turns
    assert newest.text == "quick"
    assert (await talk.turns.page(TurnFilter(band=1), 50)).turns[0].text == "slow"


def test_names_are_those_asked_for_or_repeated() -> None:
    summary = f"{PHRASES.summary}Robin del Test; friday."
    exchanges = [
        ("book", _reply(f"Sure. {PHRASES.asks}")),
        ("it's Sam", _reply("Which phone?")),
        ("Lee", _reply(summary)),
    ]
    assert names_in(exchanges, PHRASES) == {"Sam", "Robin del Test"}
    assert names_in([("what name?", _reply("Is it?"))], PHRASES) == frozenset()


@pytest.mark.parametrize(
    ("confidence", "band"), [(None, 0), (0.0, 1), (0.49, 1), (0.5, 2), (0.79, 2), (0.8, 3)]
)
def test_bands(confidence: float | None, band: int) -> None:
    assert band_of(confidence) == band
