"""Whoever talked and booked wherever: an erasure takes all of one and nothing of another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from patients_world import NOW, World, contents

from bot.privacy import PatientId, UnknownPatient, read_patient_id
from bot.storage.database import Database
from bot.storage.patients import PatientRepository
from bot.storage.tables import metadata

T = TypeVar("T")
PHONES = ("+17805550134", "+17805550156", "+17805550199")
CONVERSATIONS = ("web:a", "web:b", "messenger:6543217890123456", *(f"sms:{p}" for p in PHONES))


@dataclass(frozen=True)
class Deed:
    """A message, or with a phone a request, in a conversation."""

    conversation: str
    phone: str | None

    def mark(self, number: int) -> str:
        owner = self.phone[-4:] if self.phone else "talk"
        return f"<{number}:{owner}:{CONVERSATIONS.index(self.conversation)}>"


deeds = st.lists(
    st.builds(Deed, st.sampled_from(CONVERSATIONS), st.sampled_from((None, *PHONES))),
    min_size=1,
    max_size=12,
)
ids = st.sampled_from((*PHONES, *CONVERSATIONS))
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


async def _world(done: list[Deed]) -> World:
    database = Database("sqlite://")
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    world = World(database)
    for number, deed in enumerate(done):
        at = world.after(minutes=number)
        if deed.phone:
            await at.book(deed.conversation, deed.mark(number), deed.phone)
        else:
            await at.talk(deed.conversation, deed.mark(number))
    return world


def _mine(done: list[Deed], who: PatientId) -> list[str]:
    """The marks of what surely is the patient's: what their number or their own thread made."""
    if who.phone:
        sure = [d for d in done if d.phone == who.phone or (not d.phone and _is_own(d, who))]
    else:
        contacts = {d.phone for d in done if d.phone and _is_own(d, who)}
        sure = [d for d in done if _is_own(d, who) and (not d.phone or len(contacts) == 1)]
    return [deed.mark(number) for number, deed in enumerate(done) if deed in sure]


def _is_own(deed: Deed, who: PatientId) -> bool:
    return deed.conversation in who.conversations


def _not_mine(done: list[Deed], who: PatientId) -> list[str]:
    """The marks of what surely is not: other numbers' requests, strangers' threads."""
    used = {d.conversation for d in done if d.phone == who.phone} if who.phone else set()
    contacts = {d.phone for d in done if d.phone and _is_own(d, who)}
    others = [
        d
        for d in done
        if (d.phone != who.phone if who.phone else not _is_own(d, who) or len(contacts) > 1)
        and (d.phone or not (_is_own(d, who) or d.conversation in used))
    ]
    return [deed.mark(number) for number, deed in enumerate(done) if deed in others]


@few
@given(deeds, ids)
def test_an_erasure_takes_all_of_one_and_nothing_of_another(done: list[Deed], typed: str) -> None:
    async def check() -> None:
        world, who = await _world(done), read_patient_id(typed, str)
        patients = PatientRepository(world.database)
        before = str(await contents(world.database))
        try:
            await patients.erase(who, "staff:Kim", NOW, force=True)
        except UnknownPatient:
            assert _mine(done, who) == []
        left = str(await contents(world.database))
        assert [mark for mark in _mine(done, who) if mark in left] == []
        # Each of theirs as often as before: in its message, request and letter.
        others = _not_mine(done, who)
        assert [left.count(mark) for mark in others] == [before.count(mark) for mark in others]
        await world.database.close()

    _run(check())


@few
@given(deeds, ids)
def test_an_export_has_all_of_one_and_nothing_of_another(done: list[Deed], typed: str) -> None:
    async def check() -> None:
        world, who = await _world(done), read_patient_id(typed, str)
        try:
            export = await PatientRepository(world.database).export(who, "staff:Kim", NOW)
        except UnknownPatient:
            assert _mine(done, who) == []
            return
        written = json.dumps(export.sections)
        assert [mark for mark in _mine(done, who) if mark not in written] == []
        assert [mark for mark in _not_mine(done, who) if mark in written] == []
        await world.database.close()

    _run(check())


def _run(work: Awaitable[T]) -> T:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
