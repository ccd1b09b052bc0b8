"""What every booking repository must do, whatever keeps the bookings."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.booking.model import (
    Booking,
    BookingChanged,
    BookingEvent,
    BookingRequest,
    ReferenceTaken,
    Status,
    Way,
)
from bot.booking.ports import BookingRepository
from bot.booking.service import BookingService
from bot.storage import bookings
from bot.storage.database import Database

pytest_plugins = ["tests.unit.booking.memory", "tests.unit.storage.databases"]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
REQUEST = BookingRequest(
    name="Sam Example",
    reason="lower back",
    preferred="friday morning",
    visit="first",
    consent=True,
    phone="+17805550199",
    email=None,
    contact_consent="text",
)
BOOKING = Booking(
    **vars(REQUEST),
    reference="B7K-3QD",
    conversation_id="conversation",
    channel="web",
    status=Status.RECEIVED,
    created_at=NOON,
    updated_at=NOON,
)
ASKED = BookingEvent(NOON, "patient", "received", {})
CANCELLED = BookingEvent(
    NOON + timedelta(hours=1),
    "patient",
    "cancelled",
    {"text": "sorry 😀"},
    Status.RECEIVED,
    Status.CANCELLED,
)
WISH = BookingEvent(NOON, "patient", "change", {}, Status.RECEIVED, Status.RECEIVED)
EDMONTON = ZoneInfo("America/Edmonton")
ODD_TEXTS = [
    "<script>alert(1)</script>",
    "'); DROP TABLE bookings; --",
    "100% of \\ {{7*7}} $HOME %s",
    "李小龙 Олена محمد क्षितिज",
    "👩🏽‍⚕️ \u202eabc\u202c e\u0301",
    " two\nlines\tand spaces ",
    "x" * 5000,
]


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
    ]
)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def repository(kind: str, request: pytest.FixtureRequest) -> BookingRepository:
    if kind == "memory":
        memory: BookingRepository = request.getfixturevalue("memory_repository")
        return memory
    opened: Database = request.getfixturevalue(f"{kind}_database")
    return bookings.BookingRepository(opened)


def _next(booking: Booking, **changes: Any) -> Booking:
    return replace(booking, version=booking.version + 1, **changes)


async def test_a_booking_is_kept_as_it_was_given(repository: BookingRepository) -> None:
    assert await repository.add(BOOKING, "key", ASKED) == BOOKING
    assert await repository.get("B7K-3QD") == BOOKING
    assert await repository.events("B7K-3QD") == (ASKED,)


@pytest.mark.parametrize("way", ["text", "call", "email", None])
async def test_the_way_to_contact_the_patient_is_kept(
    repository: BookingRepository, way: Way | None
) -> None:
    await repository.add(replace(BOOKING, contact_consent=way), "key", ASKED)
    kept = await repository.get("B7K-3QD")
    assert kept is not None
    assert kept.contact_consent == way


@pytest.mark.parametrize("text", ODD_TEXTS)
async def test_any_text_survives_in_every_field(repository: BookingRepository, text: str) -> None:
    odd = replace(BOOKING, name=text, reason=text, preferred=text, email=text, phone=None)
    event = replace(WISH, detail={"text": text})
    await repository.add(odd, "key", ASKED)
    await repository.record(_next(odd), event)
    assert await repository.get(odd.reference) == _next(odd)
    assert (await repository.events(odd.reference))[-1] == event


async def test_a_time_is_the_same_moment_whatever_its_zone(repository: BookingRepository) -> None:
    local = datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/Edmonton"))
    await repository.add(replace(BOOKING, created_at=local), "key", ASKED)
    kept = await repository.get("B7K-3QD")
    assert kept is not None
    assert kept.created_at.tzinfo is not None
    assert kept.created_at.timestamp() == local.timestamp()


async def test_a_known_key_gives_the_earlier_booking(repository: BookingRepository) -> None:
    await repository.add(BOOKING, "key", ASKED)
    other = replace(BOOKING, reference="B99-999", name="Another Example")
    assert await repository.add(other, "key", ASKED) == BOOKING
    assert await repository.get("B99-999") is None
    assert await repository.events("B7K-3QD") == (ASKED,)


async def test_a_taken_reference_is_refused_and_changes_nothing(
    repository: BookingRepository,
) -> None:
    await repository.add(BOOKING, "key", ASKED)
    with pytest.raises(ReferenceTaken):
        await repository.add(replace(BOOKING, name="Another Example"), "other key", ASKED)
    assert list(await repository.list()) == [BOOKING]
    assert await repository.events("B7K-3QD") == (ASKED,)


async def test_bookings_are_listed_newest_first_and_by_status(
    repository: BookingRepository,
) -> None:
    for number in range(3):
        await repository.add(replace(BOOKING, reference=f"B00-00{number}"), str(number), ASKED)
    await repository.record(_next(BOOKING, reference="B00-001", status=Status.CANCELLED), CANCELLED)
    listed = await repository.list()
    assert [kept.reference for kept in listed] == ["B00-002", "B00-001", "B00-000"]
    assert [kept.reference for kept in await repository.list(Status.CANCELLED)] == ["B00-001"]
    assert list(await repository.list(Status.CONFIRMED)) == []


async def test_a_conversation_sees_only_its_own_bookings(repository: BookingRepository) -> None:
    other = replace(BOOKING, reference="B99-999", conversation_id="other")
    await repository.add(BOOKING, "key", ASKED)
    await repository.add(other, "other key", ASKED)
    assert list(await repository.of_conversation("conversation")) == [BOOKING]
    assert list(await repository.of_conversation("conv%")) == []


async def test_a_change_is_recorded_with_its_status(repository: BookingRepository) -> None:
    await repository.add(BOOKING, "key", ASKED)
    wanted = _next(BOOKING, status=Status.CANCELLED, updated_at=CANCELLED.at)
    assert await repository.record(wanted, CANCELLED) == wanted
    assert await repository.get("B7K-3QD") == wanted
    assert await repository.events("B7K-3QD") == (ASKED, CANCELLED)


async def test_the_time_of_a_visit_is_kept(repository: BookingRepository) -> None:
    await repository.add(replace(BOOKING, last_day=date(2026, 12, 4)), "key", ASKED)
    start = datetime(2026, 12, 4, 10, 0, tzinfo=EDMONTON)
    wanted = _next(BOOKING, status=Status.CONFIRMED, starts_at=start, minutes=45)
    kept = await repository.record(wanted, replace(WISH, change="confirmed"))
    assert kept is not None and kept.time is not None
    assert (kept.time.start, kept.time.end) == (start, start + timedelta(minutes=45))
    assert kept.last_day == date(2026, 12, 4)


async def test_a_change_touches_nothing_the_patient_asked_for(
    repository: BookingRepository,
) -> None:
    await repository.add(BOOKING, "key", ASKED)
    await repository.record(_next(BOOKING, name="Another Example", phone="+17805550111"), WISH)
    assert await repository.get("B7K-3QD") == _next(BOOKING)


async def test_a_change_of_an_older_version_is_refused_and_keeps_nothing(
    repository: BookingRepository,
) -> None:
    await repository.add(BOOKING, "key", ASKED)
    await repository.record(_next(BOOKING), WISH)
    with pytest.raises(BookingChanged):
        await repository.record(_next(BOOKING, status=Status.CANCELLED), CANCELLED)
    assert await repository.get("B7K-3QD") == _next(BOOKING)
    assert await repository.events("B7K-3QD") == (ASKED, WISH)


async def test_of_twenty_changes_at_once_one_wins(repository: BookingRepository) -> None:
    await repository.add(BOOKING, "key", ASKED)
    done = await asyncio.gather(
        *(repository.record(_next(BOOKING), WISH) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(one, BookingChanged) for one in done) == 19
    assert len(await repository.events("B7K-3QD")) == 2


async def test_an_unknown_reference_is_none(repository: BookingRepository) -> None:
    assert await repository.get("B00-000") is None
    unknown = _next(BOOKING, reference="B00-000", status=Status.CANCELLED)
    assert await repository.record(unknown, CANCELLED) is None
    assert await repository.events("B00-000") == ()


@pytest.mark.parametrize(
    ("status", "changes", "is_overdue"),
    [
        (Status.RECEIVED, {"last_day": date(2026, 11, 23)}, True),
        (Status.SEEN, {"last_day": date(2026, 11, 23)}, True),
        # Still that day in Edmonton, though no longer in Greenwich.
        (Status.RECEIVED, {"last_day": date(2026, 11, 24)}, False),
        (Status.RECEIVED, {"last_day": None}, False),
        (Status.CONFIRMED, {"last_day": date(2026, 11, 23)}, False),
        (Status.CANCELLED, {"last_day": date(2026, 11, 23)}, False),
        (Status.PROPOSED, {"last_day": date(2026, 11, 23)}, False),
        (Status.PROPOSED, {"starts_at": NOON, "minutes": 30}, True),
        (Status.PROPOSED, {"starts_at": NOON + timedelta(days=1), "minutes": 30}, False),
        (Status.CONFIRMED, {"starts_at": NOON, "minutes": 30}, False),
    ],
)
async def test_what_nobody_answered_in_time_is_overdue(
    repository: BookingRepository, status: Status, changes: dict[str, Any], is_overdue: bool
) -> None:
    await repository.add(replace(BOOKING, status=status, **changes), "key", ASKED)
    late_evening = datetime(2026, 11, 25, 3, 0, tzinfo=timezone.utc)
    found = await repository.overdue(late_evening, EDMONTON)
    assert [kept.reference for kept in found] == (["B7K-3QD"] if is_overdue else [])


async def test_twenty_requests_at_once_with_one_key_make_one_booking(
    repository: BookingRepository,
) -> None:
    service = BookingService(repository)
    made = await asyncio.gather(
        *(service.request(REQUEST, "key", "conversation", "web") for _ in range(20))
    )
    assert len({booking.reference for booking in made}) == 1
    assert list(await repository.list()) == [made[0]]
    assert len(await repository.events(made[0].reference)) == 1


async def test_twenty_requests_at_once_with_their_own_keys_make_twenty(
    repository: BookingRepository,
) -> None:
    service = BookingService(repository)
    await asyncio.gather(
        *(service.request(REQUEST, str(number), "conversation", "web") for number in range(20))
    )
    assert len({booking.reference for booking in await repository.list()}) == 20
