"""Any order of what patients, staff and time can do, over every repository, keeps its promises."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar, cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from booking.memory import MemoryRepository
from bot.booking import (
    Booking,
    BookingChanged,
    BookingRequest,
    BookingService,
    IllegalTransition,
    Status,
    StatusWords,
    TimeNeeded,
    VisitTime,
    staff,
)
from bot.booking.transitions import TRANSITIONS
from bot.outbox.model import Outgoing
from bot.settings import ROOT
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.outbox import OutboxRepository
from bot.storage.tables import metadata

T = TypeVar("T")
WORDS = StatusWords.load(ROOT / "domain.yml", "America/Edmonton", "780-555-0142")
START = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
STAFF = st.sampled_from([staff("Kim"), staff("Lee")])
REFUSALS = (IllegalTransition, TimeNeeded, BookingChanged)
WISHES = st.sampled_from(["any time", "friday (Friday 27 November 2026)", "Monday 7 December 2026"])
TOLD = {Status.PROPOSED, Status.CONFIRMED, Status.DECLINED, Status.CANCELLED, Status.EXPIRED}
TIMED = {Status.PROPOSED, Status.CONFIRMED}


class Desk(RuleBasedStateMachine):
    references = Bundle("references")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.loop = asyncio.new_event_loop()
        self.repository = self.run(self.open())
        self.service = BookingService(self.repository, lambda: self.now, tell=WORDS.letter)
        self.by_key: dict[tuple[str, str], str] = {}

    async def open(self) -> Any:
        return MemoryRepository()

    async def letters(self) -> Sequence[Outgoing]:
        return list(cast(MemoryRepository, self.repository).letters.values())

    def run(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.loop.close()

    @rule(
        target=references,
        key=st.sampled_from("abc"),
        conversation=st.sampled_from(["one", "two"]),
        preferred=WISHES,
        copies=st.integers(1, 3),
    )
    def ask(self, key: str, conversation: str, preferred: str, copies: int) -> Any:
        request = BookingRequest("Sam", "back", preferred, "first", True, "+17805550199")

        async def ask_at_once() -> list[Booking]:
            asking = [
                self.service.request(request, key, conversation, "web") for _ in range(copies)
            ]
            return await asyncio.gather(*asking)

        made = {booking.reference for booking in self.run(ask_at_once())}
        assert len(made) == 1
        (reference,) = made
        assert self.by_key.setdefault((conversation, key), reference) == reference
        return multiple(reference)

    @rule(reference=references, to=st.sampled_from(Status), by=STAFF, hours=st.integers(-5, 99))
    def staff_move(self, reference: str, to: Status, by: Any, hours: int) -> None:
        time = VisitTime(self.now + timedelta(hours=hours), 45) if to in TIMED else None
        self._either(reference, lambda: self.service.move(reference, to, by, time=time), to)

    @rule(reference=references, to=st.sampled_from(Status))
    def staff_move_what_they_saw_before(self, reference: str, to: Status) -> None:
        before = self.run(self.service.get(reference))
        self.run(self.service.wish_to_change(reference, f"wish {before.version}"))
        with pytest.raises(BookingChanged):
            moving = self.service.move(reference, to, staff("Kim"), version=before.version)
            self.run(moving)

    @rule(reference=references, ends=st.permutations([Status.DECLINED, Status.CANCELLED]))
    def two_of_the_staff_at_once(self, reference: str, ends: list[Status]) -> None:
        before = self.run(self.service.get(reference))

        async def both() -> list[Any]:
            moves = [
                self.service.move(reference, to, staff("Kim"), version=before.version)
                for to in ends
            ]
            return await asyncio.gather(*moves, return_exceptions=True)

        done = self.run(both())
        after = self.run(self.service.get(reference))
        assert all(isinstance(one, Booking | IllegalTransition | BookingChanged) for one in done)
        assert after.version - before.version <= 1

    @rule(reference=references, message=st.sampled_from(["m1", "m2"]))
    def patient_cancels(self, reference: str, message: str) -> None:
        work = lambda: self.service.cancel(reference, "sorry", message=message)  # noqa: E731
        self._either(reference, work, Status.CANCELLED)

    @rule(reference=references)
    def patient_accepts(self, reference: str) -> None:
        self._either(reference, lambda: self.service.accept(reference), Status.CONFIRMED)

    @rule(reference=references)
    def patient_wishes_twice(self, reference: str) -> None:
        for _ in range(2):
            self.run(self.service.wish_to_change(reference, "later", message="m"))
        events = self.run(self.service.events(reference))
        assert [event.detail for event in events].count(events[-1].detail) >= 1
        assert len(events) < 2 or events[-2].detail != events[-1].detail

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        before = {booking.reference: booking for booking in self.run(self.service.list())}
        closed = self.run(self.service.expire(self.now))
        after = self.run(self.service.list())
        changed = [booking for booking in after if booking != before[booking.reference]]
        assert len(changed) == closed
        assert all(booking.status is Status.EXPIRED for booking in changed)
        assert self.run(self.service.expire(self.now)) == 0

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        kept = [booking.reference for booking in self.run(self.service.list())]
        assert sorted(kept) == sorted(self.by_key.values())

    @invariant()
    def the_history_replays_to_the_present(self) -> None:
        told = 0
        for booking in self.run(self.service.list()):
            events = self.run(self.service.events(booking.reference))
            status: Status | None = None
            for event in events:
                assert event.old is status
                if status is not None and event.change != "change":
                    assert event.actor.split(":")[0] in TRANSITIONS[status][event.new]
                status = event.new
                told += event.new in TOLD and event.actor != "patient"
            assert status is booking.status
            assert booking.version == len(events)
            assert booking.status not in TIMED or booking.time is not None
        letters = self.run(self.letters())
        assert len(letters) == len({letter.idempotency_key for letter in letters}) == told

    def _either(self, reference: str, work: Callable[[], Awaitable[Booking]], to: Status) -> None:
        """Done as asked, or refused with nothing changed."""
        before = self.run(self.service.get(reference))
        try:
            after = self.run(work())
        except REFUSALS:
            assert self.run(self.service.get(reference)) == before
            return
        assert after.status is to
        assert after == before or to in TRANSITIONS[before.status]


class DeskOverSql(Desk):
    """The same over the real tables; in memory, since a disk would only make it slow."""

    async def open(self) -> Any:
        self.database = Database("sqlite://")
        async with self.database.begin() as connection:
            await connection.run_sync(metadata.create_all)
        return BookingRepository(self.database)

    async def letters(self) -> Sequence[Outgoing]:
        outbox = OutboxRepository(self.database)
        return [letter for who in ("one", "two") for letter in await outbox.of_conversation(who)]

    def teardown(self) -> None:
        self.run(self.database.close())
        super().teardown()


@pytest.mark.parametrize(("machine", "examples"), [(Desk, 60), (DeskOverSql, 12)])
def test_the_desk_keeps_its_promises(machine: type[Desk], examples: int) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=slow
        ),
    )
