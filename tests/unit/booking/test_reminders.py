from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from booking.memory import MemoryRepository
from bot.booking import Booking, BookingRequest, BookingService, Status, StatusWords, VisitTime
from bot.booking.reminders import Reminders
from bot.booking.transitions import staff
from bot.content.gsm7 import gsm7_length, outside_gsm7
from bot.outbox import Outgoing
from bot.settings import ROOT

ZONE = "America/Edmonton"
WORDS = StatusWords.load(ROOT / "domain.yml", ZONE, "780-555-0142")
ASKED = datetime(2026, 11, 24, 19, 0, tzinfo=timezone.utc)
# Friday at ten in the morning, at the clinic.
START = datetime(2026, 12, 4, 17, 0, tzinfo=timezone.utc)
REQUEST = BookingRequest(
    "Sam", "private reason", "any friday", "first", True, "+17805550199", contact_consent="text"
)
KIM = staff("Kim")


class Desk:
    """A booking desk whose clock the test sets."""

    def __init__(self, repository: MemoryRepository) -> None:
        self.now = ASKED
        self._repository = repository
        self.bookings = BookingService(repository, lambda: self.now)
        self._reminders = Reminders(repository, WORDS.reminder, ZONE)

    async def confirmed(self, start: datetime = START, **changes: Any) -> Booking:
        request = replace(REQUEST, **changes)
        made = await self.bookings.request(request, "key", "web:a", "web")
        time = VisitTime(start, 45)
        return await self.bookings.move(made.reference, Status.CONFIRMED, KIM, time=time)

    async def at(self, moment: datetime) -> int:
        self.now = moment
        return await self._reminders.keep(moment)

    def letters(self) -> list[Outgoing]:
        return list(self._repository.letters.values())


@pytest.fixture
def desk(memory_repository: MemoryRepository) -> Desk:
    return Desk(memory_repository)


def _before(**time: int) -> datetime:
    return START - timedelta(**time)


async def test_a_visit_is_reminded_of_one_day_before_and_once(desk: Desk) -> None:
    visit = await desk.confirmed()
    assert await desk.at(_before(days=1, minutes=1)) == 0
    assert await desk.at(_before(days=1)) == 1
    assert await desk.at(_before(hours=23)) == 0
    (letter,) = desk.letters()
    assert (letter.channel, letter.kind) == ("sms", "booking_reminder")
    assert letter.detail == {"to": "+17805550199"}
    assert f"{visit.reference}: Friday 4 December 2026 at 10:00 am" in letter.body


async def test_it_is_one_plain_text_message_that_asks_for_no_answer(desk: Desk) -> None:
    await desk.confirmed()
    await desk.at(_before(days=1))
    (letter,) = desk.letters()
    assert not outside_gsm7(letter.body)
    assert gsm7_length(letter.body) <= 160
    assert not re.search(r"(?i)\b(?:cancel|yes|no|stop|reply|confirm\w*|answer)\b", letter.body)
    assert "private" not in letter.body


@pytest.mark.parametrize(
    "changes",
    [
        {"contact_consent": "call"},
        {"contact_consent": None},
        {"contact_consent": "email", "phone": None, "email": "sam@example.com"},
    ],
)
async def test_only_who_agreed_to_texts_gets_one(desk: Desk, changes: dict[str, Any]) -> None:
    await desk.confirmed(**changes)
    assert await desk.at(_before(days=1)) == 0


@pytest.mark.parametrize(
    "leave",
    [
        lambda desk, reference: desk.bookings.cancel(reference),
        lambda desk, reference: desk.bookings.move(reference, Status.CANCELLED, KIM),
    ],
    ids=["patient", "staff"],
)
async def test_what_was_called_off_is_not_reminded_of(
    desk: Desk, leave: Callable[[Desk, str], Any]
) -> None:
    visit = await desk.confirmed()
    await leave(desk, visit.reference)
    assert await desk.at(_before(days=1)) == 0


async def test_what_is_called_off_afterwards_withdraws_the_reminder(desk: Desk) -> None:
    visit = await desk.confirmed()
    await desk.at(_before(days=1))
    await desk.bookings.cancel(visit.reference)
    assert desk.letters() == []


async def test_a_visit_that_moved_is_reminded_of_at_its_new_time(desk: Desk) -> None:
    visit = await desk.confirmed()
    await desk.at(_before(days=1))
    later = VisitTime(START + timedelta(days=7), 45)
    await desk.bookings.move(visit.reference, Status.CONFIRMED, KIM, time=later)
    assert desk.letters() == []
    assert await desk.at(START + timedelta(days=6)) == 1
    assert "Friday 11 December" in desk.letters()[0].body


async def test_a_visit_agreed_on_within_its_last_day_needs_none(desk: Desk) -> None:
    desk.now = _before(hours=20)
    await desk.confirmed()
    assert await desk.at(_before(hours=19)) == 0


async def test_nobody_is_woken(desk: Desk) -> None:
    # At half past seven in the morning, so a day before is too early.
    early = START - timedelta(hours=2, minutes=30)
    await desk.confirmed(start=early)
    assert await desk.at(early - timedelta(days=1)) == 0
    assert await desk.at(early - timedelta(hours=23, minutes=30)) == 1


async def test_after_a_long_fault_it_comes_not_at_all_rather_than_too_late(desk: Desk) -> None:
    # At two in the afternoon.
    start = START + timedelta(hours=4)
    await desk.confirmed(start=start)
    assert await desk.at(start - timedelta(hours=4)) == 0
