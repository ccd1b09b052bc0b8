from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.booking import Booking, BookingRequest, Status, VisitTime, staff
from bot.console import Desk
from bot.console.booking_forms import STEPS, BadDecision, decision_of, steps_of
from bot.content import ClinicProfile
from bot.outbox import Outgoing
from bot.settings import ROOT
from bot.staff.roles import Role
from bot.storage.database import DatabaseUnavailable
from bot.storage.outbox import keep_letter
from console.conftest import SignedIn
from console.desk import text_of

ZONE = ZoneInfo("America/Edmonton")
REQUEST = BookingRequest("Sam", "sciatica", "any friday", "first", True, "+17805550199")
LIST = "/console/bookings"
PROFILE = ClinicProfile.load(ROOT / "data/clinic/demo.yml")


def _friday(hour: int = 10) -> datetime:
    """A Friday in some weeks, which is no holiday, in the clinic's time."""
    day = date.today() + timedelta(days=21)
    day += timedelta(days=(4 - day.weekday()) % 7)
    while PROFILE.is_closure(day):
        day += timedelta(days=7)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@pytest.fixture
async def asked(desk: Desk) -> Booking:
    return await desk.services.bookings.request(REQUEST, "one", "web:a", "web")


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


async def test_a_time_is_offered_and_the_patient_told(
    as_role: SignedIn, desk: Desk, asked: Booking
) -> None:
    browser = await as_role(Role.FRONT_DESK)
    page = f"{LIST}/{asked.reference}"
    fields = {"version": "1", "at": _at(_friday()), "minutes": "45", "words": "See you\nsoon!"}
    answer = await browser.post(f"{page}/propose", fields, page=page)
    assert answer.headers["location"] == f"{page}?done=booking_proposed"
    now = await desk.services.bookings.get(asked.reference)
    assert (now.status, now.time) == (Status.PROPOSED, VisitTime(_friday(), 45))
    letters = await desk.services.outbox.of_conversation("web:a")
    assert [letter.kind for letter in letters] == ["booking_proposed", "staff_message"]
    assert letters[1].body == f"From {desk.profile.name}: See you\nsoon!"
    events = await desk.services.bookings.events(asked.reference)
    assert events[-1].actor == "staff:Front desk Example"
    (entry,) = await desk.office.audit.page(5, action="booking_changed")
    assert (entry.actor, entry.subject) == ("Front desk Example", asked.reference)
    assert "offered to the patient" in text_of(await browser.open(answer.headers["location"]))


async def test_a_request_is_carried_to_its_end(
    as_role: SignedIn, desk: Desk, asked: Booking
) -> None:
    browser = await as_role(Role.PRACTITIONER)
    page = f"{LIST}/{asked.reference}"
    for version, (step, fields) in enumerate(
        [
            ("seen", {}),
            ("propose", {"at": _at(_friday()), "minutes": "60"}),
            ("confirm", {"minutes": "60"}),
            ("cancel", {"words": "The practitioner is ill."}),
        ],
        1,
    ):
        given = {"version": str(version), **fields}
        answer = await browser.post(f"{page}/{step}", given, page=page)
        assert answer.status == 303, text_of(answer)
    assert (await desk.services.bookings.get(asked.reference)).status is Status.CANCELLED
    shown = text_of(await browser.open(page))
    assert "What has ended stays ended" in shown
    assert "The practitioner is ill." in shown


async def test_who_was_slower_is_told_and_nothing_is_sent(
    as_role: SignedIn, desk: Desk, asked: Booking
) -> None:
    browser = await as_role(Role.FRONT_DESK)
    await desk.services.bookings.move(asked.reference, Status.SEEN, staff("Lee"))
    page = f"{LIST}/{asked.reference}"
    fields = {"version": "1", "words": "No time, sorry."}
    answer = await browser.post(f"{page}/decline", fields, page=page)
    assert answer.status == 409
    assert "Somebody else changed this request" in text_of(answer)
    assert "No time, sorry." in text_of(answer)
    assert not await desk.services.outbox.of_conversation("web:a")


@pytest.mark.parametrize(
    "case",
    [
        ("propose", {}, "Give the day and time"),
        ("propose", {"at": "soon"}, "2026-12-04T10:00"),
        ("propose", {"at": "2096-12-04T10:00+01:00"}, "without a zone"),
        ("propose", {"at": "2096-12-04", "anyway": "yes"}, "2026-12-04T10:00"),
        ("propose", {"at": "9999-12-31T23:59", "anyway": "yes"}, "that year"),
        ("propose", {"at": "0001-01-01T00:00", "anyway": "yes"}, "that year"),
        ("propose", {"at": "2096-12-04T10:00", "minutes": "0"}, "1 to 480 minutes"),
        ("propose", {"at": "2096-12-04T10:00", "minutes": "x"}, "1 to 480 minutes"),
        ("propose", {"at": "2096-12-02T10:00"}, "clinic is closed"),
        ("propose", {"at": "2096-12-03T03:00"}, "clinic is closed"),
        ("confirm", {}, "A time is needed"),
        ("confirm", {"at": "2020-12-04T10:00"}, "has passed"),
        ("decline", {"words": "x" * 1001}, "1,000 characters"),
        ("decline", {"version": ""}, "too old"),
        ("expire", {}, "no such step"),
    ],
)
async def test_what_is_wrong_is_said_and_changes_nothing(
    as_role: SignedIn, desk: Desk, asked: Booking, case: tuple[str, dict[str, str], str]
) -> None:
    step, fields, told = case
    browser = await as_role(Role.FRONT_DESK)
    page = f"{LIST}/{asked.reference}"
    given = {"version": "1", "minutes": "60", **fields}
    answer = await browser.post(f"{page}/{step}", given, page=page)
    assert answer.status == 422
    assert told in text_of(answer)
    assert (await desk.services.bookings.get(asked.reference)).version == 1


def test_a_visit_outside_the_hours_is_meant() -> None:
    fields = {"version": "1", "at": "2096-12-02T10:00", "minutes": "60"}
    with pytest.raises(BadDecision):
        decision_of("propose", fields, PROFILE)
    assert decision_of("propose", {**fields, "anyway": "yes"}, PROFILE).time


def test_an_hour_that_the_clocks_leave_out_is_no_time() -> None:
    fields = {"version": "1", "at": "2026-03-08T02:30", "minutes": "60", "anyway": "yes"}
    with pytest.raises(BadDecision, match="clocks"):
        decision_of("propose", fields, PROFILE)
    fields["at"] = "2026-11-01T01:30"
    assert decision_of("propose", fields, PROFILE).time


def test_what_is_offered_is_what_the_table_of_steps_allows(desk: Desk, asked: Booking) -> None:
    from dataclasses import replace

    offered = {status: steps_of(replace(asked, status=status)) for status in Status}
    assert offered[Status.RECEIVED] == list(STEPS)
    assert offered[Status.CONFIRMED] == ["confirm", "cancel"]
    assert offered[Status.EXPIRED] == []


async def test_the_list_has_its_tabs_and_pages(as_role: SignedIn, desk: Desk) -> None:
    for number in range(53):
        await desk.services.bookings.request(REQUEST, str(number), "web:a", "web")
    newest = (await desk.services.bookings.list())[0]
    await desk.services.bookings.move(newest.reference, Status.DECLINED, staff("Lee"))
    browser = await as_role(Role.FRONT_DESK)
    first = (await browser.open(LIST)).body.decode()
    assert first.count('class="cover"') == 50
    older = first[first.index('rel="next" href="') + 17 :].split('"')[0].replace("&amp;", "&")
    assert (await browser.open(older)).body.decode().count('class="cover"') == 2
    ended = (await browser.open(f"{LIST}?show=ended")).body.decode()
    assert ended.count('class="cover"') == 1
    assert newest.reference in ended


async def test_the_week_shows_visits_on_their_days(
    as_role: SignedIn, desk: Desk, asked: Booking
) -> None:
    friday = _friday(18)
    await desk.services.bookings.move(
        asked.reference, Status.CONFIRMED, staff("Lee"), time=VisitTime(friday, 45)
    )
    browser = await as_role(Role.FRONT_DESK)
    page = text_of(await browser.open(f"{LIST}/week?day={friday.date()}"))
    # Late in the day: in UTC it would be Saturday.
    assert page.index("Fri") < page.index("18:00") < page.index("Sat")
    assert "Sam" in page
    assert "Sun" in page[page.index("Sat") :]
    assert "closed" in page[page.index("Sun") :]
    other = text_of(await browser.open(f"{LIST}/week?day={friday.date() + timedelta(days=7)}"))
    assert "Sam" not in other


async def test_files_for_other_programs(as_role: SignedIn, desk: Desk, asked: Booking) -> None:
    await desk.services.bookings.move(
        asked.reference, Status.CONFIRMED, staff("Lee"), time=VisitTime(_friday(), 45)
    )
    browser = await as_role(Role.FRONT_DESK)
    calendar = await browser.get(f"{LIST}/export/ical")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.headers["content-disposition"] == 'attachment; filename="visits.ics"'
    assert b"BEGIN:VEVENT" in calendar.body
    fhir = await browser.get(f"{LIST}/export/fhir?show=confirmed")
    assert json.loads(fhir.body)
    assert b"BEGIN:VEVENT" not in (await browser.get(f"{LIST}/export/ical?show=open")).body
    entries = await desk.office.audit.page(5, action="bookings_exported")
    assert [entry.detail["count"] for entry in entries] == [0, 1, 1]


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
async def test_what_patients_wrote_is_only_ever_text(
    as_role: SignedIn, desk: Desk, words: str
) -> None:
    request = BookingRequest(words, words, words, "first", True, None, f"{words}@example.com")
    booking = await desk.services.bookings.request(request, "one", "web:a", "web")
    await desk.services.bookings.wish_to_change(booking.reference, words)
    browser = await as_role(Role.FRONT_DESK)
    for page in ("/console/", LIST, f"{LIST}/{booking.reference}", f"{LIST}/week"):
        body = (await browser.open(page)).body.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body


async def test_what_is_typed_is_kept_with_the_change_or_not_at_all(
    as_role: SignedIn, desk: Desk, asked: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await as_role(Role.FRONT_DESK)
    page = f"{LIST}/{asked.reference}"

    async def fails_at_the_words(connection: Any, letter: Outgoing, at: datetime) -> bool:
        if letter.kind == "staff_message":
            raise DatabaseUnavailable("The disk is full.")
        return await keep_letter(connection, letter, at)

    monkeypatch.setattr("bot.storage.bookings.keep_letter", fails_at_the_words)
    fields = {"version": "1", "words": "We are full, sorry."}
    answer = await browser.post(f"{page}/decline", fields, page=page)
    assert answer.status == 503
    assert (await desk.services.bookings.get(asked.reference)).status is Status.RECEIVED
    assert await desk.services.outbox.of_conversation("web:a") == ()


async def test_words_beside_a_step_that_changes_nothing_are_sent(
    as_role: SignedIn, desk: Desk, asked: Booking
) -> None:
    browser = await as_role(Role.FRONT_DESK)
    page = f"{LIST}/{asked.reference}"
    time = {"at": _at(_friday()), "minutes": "45"}
    await browser.post(f"{page}/propose", {"version": "1", **time}, page=page)
    again = {"version": "2", **time, "words": "Does it suit you?"}
    await browser.post(f"{page}/propose", again, page=page)
    letters = await desk.services.outbox.of_conversation("web:a")
    assert [letter.kind for letter in letters] == ["booking_proposed", "staff_message"]
