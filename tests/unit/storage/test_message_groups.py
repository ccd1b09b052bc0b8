"""Groups of unanswered messages, from the copies to what a page reads, in both databases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from fakes.copies import NOON, copied
from sqlalchemy import select

from bot.figures.grouper import LATEST, SOONEST, Grouper
from bot.nlu.encoder import Vectors
from bot.privacy import Retention, read_patient_id
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.figure_tables import message_groups
from bot.storage.inbox import InboxRepository
from bot.storage.message_groups import Group, GroupRepository
from bot.storage.patients import PatientRepository
from bot.storage.review import ReviewRepository

LONG_AGO = datetime(2000, 1, 1, tzinfo=timezone.utc)
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=timezone.utc)
EARS = ("do you sell ear seeds", "ear seeds?", "where are ear seeds from")
GIFTS = ("gift cards", "a gift for my mom", "gift certificate?")


@dataclass
class Model:
    """Knows ears from gifts."""

    name: str = "one.tar.gz"
    asked: list[str] = field(default_factory=list)
    has_encoder: bool = True

    def encode(self, text: str) -> Vectors | None:
        self.asked.append(text)
        if not self.has_encoder:
            return None
        return np.array([1.0, 0.0] if "ear" in text else [0.0, 1.0], np.float32)


@dataclass
class World:
    database: Database
    model: Model = field(default_factory=Model)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.groups = GroupRepository(self.database)
        self.grouper = Grouper(self.groups, self.model, lambda: self.now)

    async def declined(self, *texts: str, conversation: str = "", **changes: Any) -> list[int]:
        made = []
        for text in texts:
            name = conversation or f"web:{text}"
            at = changes.get("at", self.now)
            taken = InboxRepository(self.database)
            row = await taken.take("web", name, f"{text}{self.now}", text)
            turn = {"outcome": "decline", "at": at, **changes}
            copy = copied(text, inbox_id=row.id, conversation_id=name, **turn)
            await ReviewRepository(self.database).keep([copy])
            made.append(row.id)
        return made

    async def shown(self, channel: str | None = None, members: int = 9, **time: Any) -> list[Group]:
        start, end = time.get("start", LONG_AGO), time.get("end", FAR_AHEAD)
        return await self.groups.groups(start, end, channel, limit=9, members=members)

    def texts(self, groups: list[Group]) -> list[set[str]]:
        return [{member.text for member in group.members} for group in groups]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def test_unanswered_messages_are_grouped_and_answered_ones_are_not(world: World) -> None:
    await world.declined(*EARS)
    await world.declined("my ear", outcome="answer")
    await world.declined(*GIFTS, "one more gift", outcome="clarify")
    await world.declined("old ear", at=NOON - timedelta(days=91))
    assert await world.grouper.run_once()
    found = await world.shown()
    assert [group.size for group in found] == [4, 3]
    assert world.texts(found) == [{*GIFTS, "one more gift"}, set(EARS)]
    assert found[1].members[0].state == "open"
    assert found[1].members[0].outcome == "decline"
    latest = await world.groups.latest()
    assert latest is not None
    assert (latest.made_at, latest.compared, latest.left_out) == (NOON, 7, 0)


async def test_a_group_shows_some_and_counts_all(world: World) -> None:
    await world.declined(*EARS, *(f"ear number {n}" for n in range(9)))
    await world.grouper.run_once()
    (group,) = await world.shown(members=4)
    assert (group.size, len(group.members)) == (12, 4)


async def test_groups_are_of_the_range_and_the_channel(world: World) -> None:
    await world.declined(*EARS, at=NOON - timedelta(days=10))
    await world.declined(*GIFTS, channel="sms")
    await world.grouper.run_once()
    assert world.texts(await world.shown("sms")) == [set(GIFTS)]
    assert world.texts(await world.shown(end=NOON)) == [set(EARS)]
    assert await world.shown("messenger") == []


async def test_without_messages_there_are_no_groups(world: World) -> None:
    assert await world.groups.latest() is None
    assert await world.grouper.run_once()
    assert await world.shown() == []
    # Nothing is new.
    world.now += 2 * LATEST
    assert not await world.grouper.run_once()


async def test_few_new_messages_wait_and_many_do_not(world: World) -> None:
    await world.declined(*EARS)
    await world.grouper.run_once()
    await world.declined(*GIFTS)
    assert not await world.grouper.run_once()
    world.now += SOONEST
    assert await world.grouper.run_once()
    await world.declined("ears again")
    world.now += SOONEST
    assert not await world.grouper.run_once()
    world.now += LATEST
    assert await world.grouper.run_once()
    assert sum(group.size for group in await world.shown()) == 7


async def test_another_model_compares_all_anew_and_the_same_one_nothing_twice(world: World) -> None:
    await world.declined(*EARS)
    await world.grouper.run_once()
    await world.declined(*GIFTS)
    world.now += SOONEST
    await world.grouper.run_once()
    assert sorted(world.model.asked) == sorted([*EARS, *GIFTS])
    world.model.name = "two.tar.gz"
    world.now += SOONEST
    assert await world.grouper.run_once()
    assert len(world.model.asked) == 12


async def test_a_model_without_an_encoder_groups_nothing(world: World) -> None:
    world.model.has_encoder = False
    await world.declined(*EARS)
    assert not await world.grouper.run_once()
    assert await world.groups.latest() is None


async def test_too_many_messages_are_left_out_and_counted(world: World) -> None:
    await world.declined(*EARS, *GIFTS)
    unanswered = await world.groups.unanswered(LONG_AGO, limit=4)
    assert ([m.text for m in unanswered.messages], unanswered.count) == (
        [*reversed(GIFTS), EARS[-1]],
        6,
    )


async def test_what_is_erased_is_in_no_group(world: World) -> None:
    await world.declined(*EARS)
    await world.declined("my private ear", conversation="web:mine")
    await world.grouper.run_once()
    patients = PatientRepository(world.database)
    who = read_patient_id("web:mine", str)
    exported = (await patients.export(who, "staff:Kim", NOON)).sections
    assert [row["number"] for row in exported["message_groups"]] == [1]
    erased = await patients.erase(who, "staff:Kim", NOON, force=False)
    assert erased.counts["message_groups"] == 1
    (group,) = await world.shown()
    assert (group.size, world.texts([group])) == (3, [set(EARS)])


async def test_what_is_erased_while_it_is_grouped_is_in_no_group(world: World) -> None:
    (mine,) = await world.declined("my private ear", conversation="web:mine")
    await world.declined(*EARS)
    patients = PatientRepository(world.database)
    unanswered = await world.groups.unanswered(LONG_AGO)
    await patients.erase(read_patient_id("web:mine", str), "staff:Kim", NOON, force=False)
    await world.grouper.run_once()
    latest = await world.groups.latest()
    assert latest is not None
    await world.groups.keep([list(unanswered.messages)], latest)
    (group,) = await world.shown()
    assert mine not in {member.inbox_id for member in group.members}
    assert group.size == 3


async def test_what_is_past_its_time_is_in_no_group(world: World) -> None:
    await world.declined(*EARS)
    await world.grouper.run_once()
    retention = Retention.of(Settings.from_env({}))
    await PatientRepository(world.database).purge(retention, NOON + timedelta(days=91))
    assert await world.shown() == []
    async with world.database.read() as connection:
        assert (await connection.execute(select(message_groups))).all() == []
