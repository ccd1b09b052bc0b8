"""Runs, promotions and drafts behave the same in SQLite and in PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from storage.databases import database, database_url

from bot.review.label import MAX_TITLE, BadLabel
from bot.storage.audit import AuditLog, Entry
from bot.storage.database import Database
from bot.storage.drafts import DraftChanged, DraftRepository, NoSuchDraft
from bot.storage.promotions import PromotedMeanwhile, PromotionRepository
from bot.storage.training_runs import (
    FAILED,
    LOST,
    MAX_LINES,
    READY,
    NoSuchRun,
    RunRepository,
    RunUnderWay,
)

__all__ = ["database", "database_url"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


async def test_of_many_who_start_a_run_at_once_one_does(database: Database) -> None:
    runs = [RunRepository(database) for _ in range(6)]
    started = (one.start(f"User {n}") for n, one in enumerate(runs))
    done = await asyncio.gather(*started, return_exceptions=True)
    (number,) = [one for one in done if isinstance(one, int)]
    assert sum(isinstance(one, RunUnderWay) for one in done) == 5
    await runs[0].tell(number, [f"line {n}" for n in range(MAX_LINES + 9)])
    await runs[0].name(number, "a.tar.gz", "b.tar.gz")
    await runs[0].end(number, READY, {"refusals": []})
    run = await runs[1].get(number)
    assert (run.state, run.base, run.candidate) == (READY, "a.tar.gz", "b.tar.gz")
    assert (len(run.progress), run.report) == (MAX_LINES, {"refusals": []})
    assert await runs[0].candidates() == {"b.tar.gz"}
    assert await runs[2].start("Kim") > number
    assert len(await AuditLog(database).page(9, action="training_started")) == 2


async def test_a_run_without_a_sign_of_life_is_over(database: Database) -> None:
    clock = Clock()
    runs = RunRepository(database, clock)
    number = await runs.start("Kim")
    clock.now += LOST
    await runs.tell(number, ["alive"])
    clock.now += LOST
    latest = await runs.latest()
    assert latest
    assert latest.state == "running"
    clock.now += timedelta(seconds=1)
    latest = await runs.latest()
    assert latest
    assert (latest.state, latest.progress[0]) == (FAILED, "alive")
    # What it says now comes too late.
    await runs.end(number, READY, {})
    await runs.tell(number, ["late"])
    assert (await runs.get(number)).state == FAILED
    with pytest.raises(NoSuchRun):
        await runs.get(4711)


async def test_promotions_follow_on_each_other(database: Database) -> None:
    promotions = PromotionRepository(database)
    prepared: list[int] = []

    async def add(after: int | None, model: str) -> None:
        await promotions.add(
            "Kim",
            "promote",
            model,
            "base",
            run_id=1,
            after=after,
            prepare=lambda: prepared.append(1),
        )

    done = await asyncio.gather(add(None, "a"), add(None, "b"), return_exceptions=True)
    assert sum(isinstance(one, PromotedMeanwhile) for one in done) == 1
    latest = await promotions.latest()
    assert latest
    assert len(prepared) == 1
    await add(latest.id, "c")
    assert [row.model for row in await promotions.page(5)] == ["c", latest.model]
    assert len(await AuditLog(database).page(9, action="model_promote")) == 2


async def test_what_cannot_be_prepared_is_not_promoted(database: Database) -> None:
    promotions = PromotionRepository(database)

    def fail() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await promotions.add("Kim", "promote", "a", "b", run_id=1, after=None, prepare=fail)
    assert await promotions.latest() is None
    assert await AuditLog(database).page(5) == []


async def test_a_question_has_one_draft_whoever_names_it(database: Database) -> None:
    drafts = DraftRepository(database)
    names = ("Ear seeds", "ear  seeds", " EAR SEEDS ")
    numbers = await asyncio.gather(*(drafts.named(name, NOON) for name in names))
    assert len(set(numbers)) == 1
    (draft,) = await drafts.all()
    assert draft.title.casefold() == "ear seeds"
    for title in ("", "  ", "x" * (MAX_TITLE + 1), "a\x07b"):
        with pytest.raises(BadLabel):
            await drafts.named(title, NOON)


async def test_an_approval_ends_with_the_wording_it_was_for(database: Database) -> None:
    drafts = DraftRepository(database)
    number = await drafts.named("Ear seeds", NOON)
    entry = Entry("Pat", "draft_worded", str(number))
    (draft,) = await drafts.all()
    await drafts.word(number, "We may.", "Pat", NOON, entry, seen=draft.mark)
    (draft,) = await drafts.all()
    assert (draft.wording, draft.approved_by, draft.approved_at) == ("We may.", "Pat", NOON)
    await drafts.word(number, "We do.", None, NOON, entry, seen=draft.mark)
    (draft,) = await drafts.all()
    assert (draft.wording, draft.approved_by, draft.approved_at) == ("We do.", None, None)
    with pytest.raises(NoSuchDraft):
        await drafts.word(number + 1, "x", None, NOON, entry, seen=draft.mark)


async def test_of_two_who_word_the_same_draft_at_once_one_is_told(database: Database) -> None:
    drafts = DraftRepository(database)
    number = await drafts.named("Ear seeds", NOON)
    (seen,) = await drafts.all()
    entry = Entry("Pat", "draft_worded", str(number))
    done = await asyncio.gather(
        *(drafts.word(number, words, "Pat", NOON, entry, seen=seen.mark) for words in ("A.", "B.")),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["DraftChanged", "NoneType"]
    (kept,) = await drafts.all()
    # An approval is not taken back by a page from before it.
    with pytest.raises(DraftChanged):
        await drafts.word(number, kept.wording, None, NOON, entry, seen=seen.mark)
    assert await drafts.all() == [kept]
