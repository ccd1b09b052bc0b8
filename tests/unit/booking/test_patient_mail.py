from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from icalendar import Calendar

from booking.memory import MemoryRepository
from bot.booking import Booking, BookingRequest, BookingService, Status, StatusWords, VisitTime
from bot.booking.formats.ical import VisitCalendar
from bot.booking.patient_mail import PatientMail
from bot.booking.transitions import staff
from bot.content import ClinicProfile
from bot.outbox import Outgoing
from bot.settings import ROOT

NOON = datetime(2026, 11, 24, 19, 0, tzinfo=timezone.utc)
TIME = VisitTime(datetime(2026, 12, 4, 17, 0, tzinfo=timezone.utc), 45)
WORDS = StatusWords.load(ROOT / "domain.yml", "America/Edmonton", "780-555-0142")
MAIL = PatientMail(WORDS, VisitCalendar(ClinicProfile(name="Clinic", phone="780-555-0142")))
REQUEST = BookingRequest(
    "Private Name",
    "private reason",
    "any friday",
    "first",
    True,
    email="sam@example.com",
    contact_consent="email",
)
KIM = staff("Kim")


@pytest.fixture
def service(memory_repository: MemoryRepository) -> BookingService:
    return BookingService(memory_repository, lambda: NOON, notify=MAIL.letters)


def _letters(repository: MemoryRepository) -> list[Outgoing]:
    return list(repository.letters.values())


async def _ask(service: BookingService, **changes: Any) -> Booking:
    return await service.request(replace(REQUEST, **changes), "key", "web:a", "web")


async def test_each_change_but_a_look_or_a_wish_is_told_once(
    service: BookingService, memory_repository: MemoryRepository
) -> None:
    reference = (await _ask(service)).reference
    await service.move(reference, Status.SEEN, KIM)
    await service.move(reference, Status.PROPOSED, KIM, time=TIME)
    await service.wish_to_change(reference, "private words")
    await service.accept(reference)
    await service.cancel(reference)
    letters = _letters(memory_repository)
    assert [letter.kind for letter in letters] == [
        *("booking_proposed", "booking_confirmed", "booking_cancelled")
    ]
    for letter in letters:
        assert (letter.channel, letter.conversation_id) == ("email", "web:a")
        assert letter.detail["to"] == "sam@example.com"
        assert letter.detail["subject"] == f"Your visit: request {reference}"
        assert "private" not in str(letter).lower()


async def test_it_says_what_the_chat_says_and_where_to_answer(
    service: BookingService, memory_repository: MemoryRepository
) -> None:
    reference = (await _ask(service)).reference
    proposed = await service.move(reference, Status.PROPOSED, KIM, time=TIME)
    (letter,) = _letters(memory_repository)
    assert letter.body.startswith(WORDS.letter(proposed).body)
    assert "Nobody reads answers to this email." in letter.body
    assert "780-555-0142" in letter.body
    assert "calendar" not in letter.detail


async def test_a_visit_comes_with_its_calendar_and_so_does_its_end(
    service: BookingService, memory_repository: MemoryRepository
) -> None:
    reference = (await _ask(service)).reference
    await service.move(reference, Status.CONFIRMED, KIM, time=TIME)
    later = VisitTime(TIME.start + timedelta(days=7), 45)
    await service.move(reference, Status.CONFIRMED, KIM, time=later)
    await service.move(reference, Status.CANCELLED, KIM)
    calendars = [letter.detail["calendar"] for letter in _letters(memory_repository)]
    events = [Calendar.from_ical(text).walk("VEVENT")[0] for text in calendars]
    assert [event["status"] for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [event["sequence"] for event in events] == [2, 3, 4]
    assert len({event["uid"] for event in events}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"contact_consent": None},
        {"contact_consent": "text", "phone": "+17805550199"},
        {"contact_consent": "call", "phone": "+17805550199", "email": None},
    ],
)
async def test_only_who_chose_email_gets_one(
    service: BookingService, memory_repository: MemoryRepository, changes: dict[str, Any]
) -> None:
    reference = (await _ask(service, **changes)).reference
    await service.move(reference, Status.CONFIRMED, KIM, time=TIME)
    assert _letters(memory_repository) == []
