from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from fakes.copies import copied
from sqlalchemy import delete, func, select

from bot.review.label import ItemGone, ItemTaken, Judgement, Verdict
from bot.review.pick import Kind, Tally
from bot.storage.audit import AuditLog, Entry
from bot.storage.database import Database
from bot.storage.feedback import FeedbackRepository
from bot.storage.inbox import InboxRepository, Understood
from bot.storage.learning_tables import labels, review_items
from bot.storage.review import ReviewRepository
from bot.storage.review_queue import LEASE, ReviewQueue
from bot.storage.review_sorting import ThumbSorter
from bot.storage.review_tables import review_turns

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
LATER = NOW + LEASE + timedelta(seconds=1)
RIGHT = Judgement(Verdict.RIGHT)
ENTRY = Entry("Kim", "review_labelled", "1")


class Reviewing:
    """Messages that are copied into the queue, and reviewers."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.queue = ReviewQueue(database)
        self.inbox = InboxRepository(database)
        self.feedback = FeedbackRepository(database)
        self.copies = ReviewRepository(database)
        self.sorter = ThumbSorter(database)

    async def say(self, text: str, outcome: str = "decline", confidence: float = 0.4) -> int:
        row = await self.inbox.take("web", f"web:{text}", "m1", text)
        number = row.id
        answered = Understood(outcome, "faq/does_it_hurt", confidence)
        await self.inbox.finish(row.id, [], answered)
        copy = copied(text, inbox_id=number, outcome=outcome, confidence=confidence, answer="")
        await self.copies.keep([copy])
        return number

    async def label(
        self, number: int, by: str = "Kim", said: Judgement = RIGHT, now: datetime = NOW
    ) -> None:
        await self.queue.label(number, said, by, now, Entry(by, "review_labelled", str(number)))

    async def thumb(self, number: int, thumb: str, reason: str = "") -> None:
        row = await self.inbox.get(number)
        assert row
        assert await self.feedback.give(row.conversation_id, number, thumb, reason, "")
        await self.sorter.run_once()

    async def open(self) -> list[int]:
        return await self.queue.ranked(NOW)


@pytest.fixture
def reviewing(database: Database) -> Reviewing:
    return Reviewing(database)


async def test_what_teaches_most_comes_first(reviewing: Reviewing) -> None:
    sure = await reviewing.say("sure", "answer", 0.95)
    unsure = await reviewing.say("unsure", "answer", 0.7)
    flag = await reviewing.say("flag", "emergency", 1.0)
    often = [await reviewing.say(text) for text in ("Ear seeds?", "ear seeds")]
    once = await reviewing.say("something else")
    assert await reviewing.open() == [flag, *reversed(often), once, unsure]
    assert await reviewing.queue.counts() == {
        Kind.RED_FLAG: 1,
        Kind.DECLINED: 3,
        Kind.UNSURE: 1,
    }
    with pytest.raises(ItemGone):
        await reviewing.queue.get(sure)


async def test_a_message_belongs_to_one_reviewer_for_a_while(reviewing: Reviewing) -> None:
    first, second = await reviewing.say("one"), await reviewing.say("two")
    mine = await reviewing.queue.claim("Kim", NOW)
    assert await reviewing.queue.claim("Kim", NOW) == mine
    other = await reviewing.queue.claim("Lee", NOW)
    assert {mine, other} == {first, second}
    assert await reviewing.queue.claim("Robin", NOW) is None
    assert mine is not None
    with pytest.raises(ItemTaken, match="Kim is looking at this message"):
        await reviewing.label(mine, "Lee")
    assert await reviewing.queue.claim("Robin", LATER) in {first, second}


async def test_of_many_who_ask_at_once_nobody_gets_the_same(reviewing: Reviewing) -> None:
    numbers = {await reviewing.say(f"message number {n}") for n in range(12)}
    given = await asyncio.gather(*(reviewing.queue.claim(f"Reviewer {n}", NOW) for n in range(12)))
    assert set(given) == numbers


async def test_of_two_labels_at_once_one_is_kept(reviewing: Reviewing) -> None:
    number = await reviewing.say("one")
    both = (reviewing.label(number, by, Judgement(Verdict.IGNORE)) for by in ("Kim", "Lee"))
    done = await asyncio.gather(*both, return_exceptions=True)
    (refused,) = [error for error in done if error is not None]
    assert isinstance(refused, ItemTaken)
    label = (await reviewing.queue.get(number)).label
    assert label is not None
    assert str(refused) == f"{label.by} has labelled this message already."
    async with reviewing.database.read() as connection:
        kept = (await connection.execute(select(func.count()).select_from(labels))).scalar()
    assert kept == 1
    assert len(await AuditLog(reviewing.database).page(5)) == 1


async def test_what_was_labelled_is_not_asked_again(reviewing: Reviewing) -> None:
    first = await reviewing.say("ear seeds?")
    same = await reviewing.say("Ear Seeds")
    flag = await reviewing.say("ear seeds!", "emergency", 1.0)
    await reviewing.label(first, said=Judgement(Verdict.NEW))
    later = await reviewing.say("ear... seeds")
    assert await reviewing.open() == [flag]
    assert (await reviewing.queue.get(same)).state == "same"
    assert (await reviewing.queue.get(later)).state == "same"
    await reviewing.label(flag)
    again = await reviewing.say("EAR SEEDS!", "emergency", 1.0)
    assert await reviewing.open() == [again], "each red flag is looked at by itself"


async def test_a_label_is_taken_back_and_stays_on_record(reviewing: Reviewing) -> None:
    number, same = await reviewing.say("one"), await reviewing.say("One!")
    await reviewing.label(number)
    assert await reviewing.queue.last_of("Kim") == number
    with pytest.raises(ItemTaken, match="Kim has labelled"):
        await reviewing.queue.undo(number, "Lee", NOW, ENTRY)
    await reviewing.queue.undo(number, "Kim", NOW, ENTRY)
    assert await reviewing.queue.last_of("Kim") is None
    assert (await reviewing.queue.get(number)).holder(NOW) == "Kim"
    assert await reviewing.queue.ranked(LATER) == [same, number]
    with pytest.raises(ItemGone):
        await reviewing.queue.undo(number, "Kim", NOW, ENTRY)
    await reviewing.label(number, said=Judgement(Verdict.WRONG, topic="clinic/fees"))
    async with reviewing.database.read() as connection:
        said = (await connection.execute(select(labels.c.verdict).order_by(labels.c.id))).scalars()
        assert list(said) == ["right", "undone", "wrong"]
    await reviewing.queue.undo(number, "Robin", NOW, ENTRY, anybodys=True)


async def test_it_is_counted_what_reviewers_find(reviewing: Reviewing) -> None:
    numbers = [await reviewing.say(f"message number {n}") for n in range(4)]
    said = [Judgement(Verdict.WRONG, topic="clinic/fees"), Judgement(Verdict.NEW), RIGHT]
    for number, judgement in zip(numbers, [*said, Judgement(Verdict.IGNORE)], strict=True):
        await reviewing.label(number, said=judgement)
    assert await reviewing.queue.tallies() == {Kind.DECLINED: Tally(3, 2)}
    assert [item.turn.inbox_id for item in await reviewing.queue.labelled()] == numbers


async def test_thumbs_down_put_a_message_before_reviewers(reviewing: Reviewing) -> None:
    fine = await reviewing.say("does it hurt", "answer", 0.95)
    declined = await reviewing.say("ear seeds")
    await reviewing.thumb(fine, "up")
    assert await reviewing.open() == [declined]
    await reviewing.thumb(fine, "down", "unclear")
    await reviewing.thumb(declined, "down")
    assert {*await reviewing.open()} == {fine, declined}
    kinds = (await reviewing.queue.get(declined)).kinds
    assert kinds == (Kind.THUMBS_DOWN, Kind.DECLINED)
    thumb = await reviewing.feedback.of_message(fine)
    assert thumb is not None
    assert (thumb.thumb, thumb.reason) == ("down", "unclear")
    # The patients think better of it.
    for number in (fine, declined):
        await reviewing.thumb(number, "up")
    assert await reviewing.open() == [declined]
    assert (await reviewing.queue.get(declined)).kinds == (Kind.DECLINED,)


async def test_a_thumb_does_not_ask_again_what_is_labelled(reviewing: Reviewing) -> None:
    declined = await reviewing.say("ear seeds")
    same = await reviewing.say("ear seeds!")
    await reviewing.label(declined)
    await reviewing.thumb(declined, "down")
    assert await reviewing.open() == []
    await reviewing.thumb(same, "down")
    assert await reviewing.open() == [same]


async def test_a_thumb_waits_for_the_copy(reviewing: Reviewing) -> None:
    row = await reviewing.inbox.take("web", "web:a", "m1", "does it hurt")
    await reviewing.inbox.finish(row.id, [], Understood("answer", "faq/does_it_hurt", 0.99))
    await reviewing.feedback.give("web:a", row.id, "down", "", "")
    assert await reviewing.sorter.run_once() == 0
    await reviewing.copies.keep([copied(inbox_id=row.id)])
    assert await reviewing.sorter.run_once() == 1
    assert await reviewing.sorter.run_once() == 0
    assert await reviewing.open() == [row.id]


async def test_what_is_erased_leaves_the_queue_with_its_labels(reviewing: Reviewing) -> None:
    number = await reviewing.say("one")
    await reviewing.label(number)
    async with reviewing.database.begin() as connection:
        await connection.execute(delete(review_turns))
    for table in (review_items, labels):
        async with reviewing.database.read() as connection:
            rows = (await connection.execute(select(func.count()).select_from(table))).scalar()
        assert rows == 0, table.name
    with pytest.raises(ItemGone):
        await reviewing.label(number)
