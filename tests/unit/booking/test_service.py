from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from booking.memory import MemoryRepository
from bot.booking import (
    Booking,
    BookingChanged,
    BookingNotFound,
    BookingRequest,
    BookingService,
    IllegalTransition,
    ReferenceTaken,
    Status,
    StatusWords,
    TimeNeeded,
    VisitTime,
    staff,
)
from bot.settings import ROOT

WORDS = StatusWords.load(ROOT / "domain.yml", "America/Edmonton", "780-555-0142")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
REQUEST = BookingRequest(
    name="Sam Example",
    reason="lower back",
    preferred="friday morning",
    visit="first",
    consent=True,
    email="sam@example.com",
)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(memory_repository: MemoryRepository, clock: Clock) -> BookingService:
    return BookingService(memory_repository, clock)


async def _ask(service: BookingService, key: str = "key", conversation: str = "one") -> Booking:
    return await service.request(REQUEST, key, conversation, "web")


def _drawing(*references: str) -> Callable[[], str]:
    drawn: Iterator[str] = iter(references)
    return lambda: next(drawn)


async def test_a_request_is_kept_with_what_the_patient_said(service: BookingService) -> None:
    booking = await _ask(service)
    assert (booking.name, booking.email, booking.phone) == ("Sam Example", "sam@example.com", None)
    assert (booking.conversation_id, booking.channel) == ("one", "web")
    assert (booking.status, booking.created_at) == (Status.RECEIVED, NOON)
    assert await service.get(booking.reference) == booking
    assert [event.change for event in await service.events(booking.reference)] == ["received"]


async def test_the_same_key_is_the_same_booking(service: BookingService) -> None:
    assert await _ask(service) == await _ask(service)
    assert len(await service.list()) == 1


async def test_a_key_never_shows_another_conversations_booking(service: BookingService) -> None:
    mine, theirs = await _ask(service, "key", "one"), await _ask(service, "key", "two")
    assert mine.reference != theirs.reference
    assert list(await service.of_conversation("two")) == [theirs]


async def test_a_taken_reference_is_drawn_again(memory_repository: MemoryRepository) -> None:
    draw = _drawing("B77-777", "B77-777", "B99-999")
    service = BookingService(memory_repository, draw=draw)
    await _ask(service, "first")
    assert (await _ask(service, "second")).reference == "B99-999"


async def test_when_no_reference_is_free_it_gives_up(memory_repository: MemoryRepository) -> None:
    service = BookingService(memory_repository, draw=lambda: "B77-777")
    await _ask(service, "first")
    with pytest.raises(ReferenceTaken):
        await _ask(service, "second")


TIME = VisitTime(datetime(2026, 12, 4, 17, 0, tzinfo=timezone.utc), 45)
LATER = VisitTime(datetime(2026, 12, 7, 17, 0, tzinfo=timezone.utc), 45)
KIM, LEE = staff("Kim"), staff("Lee")


async def _changes(service: BookingService, reference: str) -> list[tuple[str, str]]:
    return [(event.actor, event.change) for event in await service.events(reference)]


async def test_a_cancellation_keeps_the_words(service: BookingService, clock: Clock) -> None:
    booking = await _ask(service)
    clock.now += timedelta(days=1)
    cancelled = await service.cancel(booking.reference, "cant make it, sorry", message="m1")
    assert (cancelled.status, cancelled.updated_at) == (Status.CANCELLED, clock.now)
    event = (await service.events(booking.reference))[-1]
    assert (event.actor, event.change, event.at) == ("patient", "cancelled", clock.now)
    assert (event.old, event.new) == (Status.RECEIVED, Status.CANCELLED)
    assert event.detail == {"text": "cant make it, sorry", "message": "m1"}


async def test_a_wish_to_change_leaves_the_status_to_the_staff(service: BookingService) -> None:
    booking = await _ask(service)
    changed = await service.wish_to_change(booking.reference, "thursday instead")
    assert changed.status is Status.RECEIVED
    event = (await service.events(booking.reference))[-1]
    assert (event.change, event.old, event.new) == ("change", Status.RECEIVED, Status.RECEIVED)


async def test_a_wish_repeated_by_a_retried_turn_is_recorded_once(service: BookingService) -> None:
    booking = await _ask(service)
    for _ in range(2):
        await service.wish_to_change(booking.reference, "thursday instead")
    await service.wish_to_change(booking.reference, "friday, really")
    changes = [event.detail for event in await service.events(booking.reference)]
    assert changes == [{}, {"text": "thursday instead"}, {"text": "friday, really"}]


async def test_staff_see_propose_and_the_patient_takes_the_time(service: BookingService) -> None:
    reference = (await _ask(service)).reference
    await service.move(reference, Status.SEEN, KIM)
    proposed = await service.move(reference, Status.PROPOSED, KIM, time=TIME)
    assert (proposed.status, proposed.time) == (Status.PROPOSED, TIME)
    confirmed = await service.accept(reference, "suits me")
    assert (confirmed.status, confirmed.time) == (Status.CONFIRMED, TIME)
    assert confirmed.time is not None
    assert confirmed.time.end == TIME.start + timedelta(minutes=45)
    assert await _changes(service, reference) == [
        ("patient", "received"),
        ("staff:Kim", "seen"),
        ("staff:Kim", "proposed"),
        ("patient", "confirmed"),
    ]


async def test_a_confirmation_takes_the_proposed_time_or_another(service: BookingService) -> None:
    first, second = await _ask(service, "first"), await _ask(service, "second")
    for booking in (first, second):
        await service.move(booking.reference, Status.PROPOSED, KIM, time=TIME)
    assert (await service.move(first.reference, Status.CONFIRMED, KIM)).time == TIME
    assert (await service.move(second.reference, Status.CONFIRMED, KIM, time=LATER)).time == LATER
    moved = await service.move(first.reference, Status.CONFIRMED, LEE, time=LATER)
    assert (moved.time, moved.version) == (LATER, 4)


async def test_a_time_is_needed_for_a_visit_and_for_nothing_else(
    service: BookingService, clock: Clock
) -> None:
    reference = (await _ask(service)).reference
    gone = VisitTime(clock.now - timedelta(minutes=1), 45)
    for to, time in (
        (Status.CONFIRMED, None),
        (Status.PROPOSED, None),
        (Status.PROPOSED, gone),
        (Status.DECLINED, TIME),
    ):
        with pytest.raises(TimeNeeded):
            await service.move(reference, to, KIM, time=time)
    assert (await service.get(reference)).version == 1


async def test_an_illegal_change_names_both_statuses_and_keeps_nothing(
    service: BookingService,
) -> None:
    reference = (await _ask(service)).reference
    await service.move(reference, Status.DECLINED, KIM)
    with pytest.raises(IllegalTransition, match="declined cannot become confirmed"):
        await service.move(reference, Status.CONFIRMED, KIM, time=TIME)
    with pytest.raises(IllegalTransition, match="declined cannot become cancelled"):
        await service.cancel(reference)
    with pytest.raises(IllegalTransition, match="received cannot be made confirmed by: patient"):
        await service.accept((await _ask(service, "other")).reference)
    assert len(await service.events(reference)) == 2


async def test_the_same_change_again_changes_nothing(service: BookingService) -> None:
    reference = (await _ask(service)).reference
    for _ in range(2):
        await service.move(reference, Status.CONFIRMED, KIM, time=TIME)
    await service.accept(reference)
    for _ in range(2):
        await service.cancel(reference, "sorry")
    assert [change for _, change in await _changes(service, reference)] == [
        "received",
        "confirmed",
        "cancelled",
    ]


async def test_of_two_staff_who_looked_at_the_same_version_one_wins(
    service: BookingService,
) -> None:
    booking = await _ask(service)
    await service.move(booking.reference, Status.CONFIRMED, KIM, time=TIME, version=1)
    with pytest.raises(BookingChanged):
        await service.move(booking.reference, Status.CANCELLED, LEE, version=1)
    assert (await service.get(booking.reference)).status is Status.CONFIRMED


async def test_a_patient_cancels_though_staff_were_quicker(
    memory_repository: MemoryRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = BookingService(memory_repository)
    booking = await _ask(service)
    record, refusals = memory_repository.record, iter([True, True, False])

    async def busy(*values: Any) -> Booking | None:
        if next(refusals):
            raise BookingChanged("Somebody else was quicker.")
        return await record(*values)

    monkeypatch.setattr(memory_repository, "record", busy)
    assert (await service.cancel(booking.reference)).status is Status.CANCELLED


async def test_what_was_not_answered_in_time_is_closed_by_the_system(
    service: BookingService,
) -> None:
    dated = replace(REQUEST, preferred="friday (Friday 27 November 2026)")
    reference = (await service.request(dated, "dated", "one", "web")).reference
    await _ask(service, "open")
    # Still Friday in the clinic's zone.
    assert await service.expire(datetime(2026, 11, 28, 6, 0, tzinfo=timezone.utc)) == 0
    assert await service.expire(datetime(2026, 11, 28, 8, 0, tzinfo=timezone.utc)) == 1
    assert await service.expire(datetime(2026, 11, 28, 8, 0, tzinfo=timezone.utc)) == 0
    assert (await service.get(reference)).status is Status.EXPIRED
    assert (await _changes(service, reference))[-1] == ("system", "expired")
    assert [booking.preferred for booking in await service.list(Status.RECEIVED)] == [
        "friday morning"
    ]


async def test_a_proposal_nobody_took_is_closed_when_its_time_comes(
    service: BookingService,
) -> None:
    reference = (await _ask(service)).reference
    await service.move(reference, Status.PROPOSED, KIM, time=TIME)
    assert await service.expire(TIME.start - timedelta(minutes=1)) == 0
    assert await service.expire(TIME.start) == 1
    assert (await service.get(reference)).status is Status.EXPIRED


async def test_the_patient_is_told_what_staff_and_system_do(
    memory_repository: MemoryRepository, clock: Clock
) -> None:
    service = BookingService(memory_repository, clock, tell=WORDS.letter)
    booking = await _ask(service)
    reference = booking.reference
    await service.move(reference, Status.SEEN, KIM)
    assert not memory_repository.letters
    await service.move(reference, Status.PROPOSED, KIM, time=TIME)
    await service.wish_to_change(reference, "later")
    await service.accept(reference)
    await service.move(reference, Status.CANCELLED, KIM)
    proposed, cancelled = memory_repository.letters.values()
    assert (proposed.kind, cancelled.kind) == ("booking_proposed", "booking_cancelled")
    assert (proposed.channel, proposed.conversation_id) == ("web", "one")
    assert "Friday 4 December 2026 at 10:00 am" in proposed.body
    assert f"write: {reference} suits me" in proposed.body
    assert proposed.detail["choices"][0]["text"] == f"{reference} suits me"


async def test_where_the_request_was_made_hears_what_was_said_elsewhere(
    memory_repository: MemoryRepository,
) -> None:
    service = BookingService(memory_repository, tell=WORDS.letter)
    here, there = await _ask(service, "a"), await _ask(service, "b")
    await service.cancel(here.reference, conversation_id="one")
    assert not memory_repository.letters
    await service.cancel(there.reference, conversation_id="sms:other")
    (letter,) = memory_repository.letters.values()
    assert letter.conversation_id == "one"


@pytest.mark.parametrize("status", Status)
def test_every_status_has_words_of_its_own_that_promise_nothing(status: Status) -> None:
    text = WORDS.responses[f"utter_booking_status_{status.value}"]["text"]
    assert "{reference}" in text
    if status in {Status.RECEIVED, Status.SEEN, Status.PROPOSED}:
        assert "not confirmed yet" in text
    # Providers act on these words before we see them.
    assert not re.search(r"(?i)(?:write|reply|answer):? (?:yes|cancel|stop)", text)
    assert len(text) < 240


async def test_who_is_confirmed_gets_a_link_to_the_visit_where_links_can_be_made(
    memory_repository: MemoryRepository,
) -> None:
    words = replace(WORDS, links={"calendar": lambda b: f"https://faq.example/{b.reference}.ics"})
    service = BookingService(memory_repository, tell=words.letter)
    asked = await _ask(service)
    await service.move(asked.reference, Status.PROPOSED, KIM, time=TIME)
    await service.move(asked.reference, Status.CONFIRMED, KIM)
    proposed, confirmed = (letter.body for letter in memory_repository.letters.values())
    assert "https://" not in proposed
    assert confirmed.endswith(f"For your calendar: https://faq.example/{asked.reference}.ics")
    assert WORDS.letter(await service.get(asked.reference)).body + " " in confirmed


async def test_who_gets_no_time_is_shown_the_clinics_own_scheduler(
    memory_repository: MemoryRepository,
) -> None:
    words = replace(WORDS, links={"scheduler": lambda booking: "https://clinic.example/book"})
    service = BookingService(memory_repository, tell=words.letter)
    asked = await _ask(service)
    await service.move(asked.reference, Status.DECLINED, KIM)
    (letter,) = memory_repository.letters.values()
    assert letter.body.endswith("or pick a time yourself at https://clinic.example/book")


async def test_listing_can_be_limited_to_a_status(service: BookingService) -> None:
    first, second = await _ask(service, "first"), await _ask(service, "second")
    await service.cancel(first.reference)
    assert list(await service.list(Status.RECEIVED)) == [second]
    assert len(await service.list()) == 2


async def test_an_unknown_reference_is_an_error_that_does_not_repeat_it(
    service: BookingService,
) -> None:
    with pytest.raises(BookingNotFound) as caught:
        await service.get("my private words")
    assert caught.value.status == 404
    assert "private" not in f"{caught.value} {caught.value.extra}"
    with pytest.raises(BookingNotFound):
        await service.cancel("B00-000")


@pytest.mark.parametrize(("start", "minutes"), [(NOON.replace(tzinfo=None), 30), (NOON, 0)])
def test_a_visits_time_has_a_zone_and_a_length(start: datetime, minutes: int) -> None:
    with pytest.raises(ValueError, match=r"zone|minute"):
        VisitTime(start, minutes)
