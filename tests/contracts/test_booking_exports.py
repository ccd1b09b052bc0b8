"""What every form of export must do, and what each means."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

import pytest
from fhir.resources.R4B.appointment import Appointment
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.booking import Booking, Status
from bot.booking.export import EXPORTS, BookingExport
from bot.booking.fhir import FhirExport
from bot.booking.icalendar_export import CalendarExport
from bot.booking.model import NotExportable
from bot.content import ClinicProfile

PROFILE = ClinicProfile(name="Clinic for tests", phone="780-555-0100", address="1 Test Street")
ASKED = datetime(2026, 12, 1, 15, 30, tzinfo=timezone.utc)
AT = datetime(2026, 12, 4, 17, 0, tzinfo=timezone.utc)
REQUEST = Booking(
    "Sam Example",
    "lower back",
    "friday morning",
    "first",
    True,
    "+17805550199",
    reference="B7K-3QD",
    conversation_id="web:a",
    channel="web",
    status=Status.RECEIVED,
    created_at=ASKED,
    updated_at=ASKED,
    last_day=date(2026, 12, 4),
)
VISIT = replace(REQUEST, status=Status.CONFIRMED, starts_at=AT, minutes=45, version=3)
ALWAYS_TIMED = {Status.PROPOSED, Status.CONFIRMED}
NASTY = [
    '<b>"x"</b>',
    "a\r\nATTENDEE:mailto:x@example.org",
    "李小龙",
    "'; DROP TABLE bookings;--",
    "; , \\",
]


@pytest.fixture(params=sorted(EXPORTS))
def export(request: pytest.FixtureRequest) -> BookingExport:
    return EXPORTS[request.param](PROFILE)


def test_the_same_bookings_give_the_same_text(export: BookingExport) -> None:
    assert export.one(VISIT) == export.one(VISIT)
    assert export.many([VISIT, REQUEST]) == export.many([VISIT, REQUEST])
    assert export.suffix.startswith(".")
    assert "/" in export.media_type


@pytest.mark.parametrize("words", NASTY)
def test_what_patients_write_stays_inside_its_field(export: BookingExport, words: str) -> None:
    written = export.one(replace(VISIT, name=words, reason=words, preferred=words))
    assert "\nATTENDEE" not in written
    if isinstance(export, FhirExport):
        assert json.loads(written)["reasonCode"] == [{"text": words}]


def test_nothing_is_written_as_something_valid(export: BookingExport) -> None:
    if isinstance(export, FhirExport):
        assert Bundle.parse_raw(export.many([])).entry is None
    else:
        assert not Calendar.from_ical(export.many([])).walk("VEVENT")


@pytest.mark.parametrize(
    ("status", "is_timed"),
    [(s, True) for s in Status] + [(s, False) for s in Status if s not in ALWAYS_TIMED],
)
def test_each_status_is_a_valid_appointment(status: Status, is_timed: bool) -> None:
    booking = replace(VISIT if is_timed else REQUEST, status=status)
    text = FhirExport(PROFILE).one(booking)
    read: Any = Appointment.parse_raw(text)
    assert read.identifier[0].value == "B7K-3QD"
    # The rule app-3 of R4: only what is proposed or cancelled may have no time.
    assert read.status in {"proposed", "cancelled"} or (read.start and read.end)


def test_a_request_is_proposed_with_the_days_that_suit() -> None:
    found = json.loads(FhirExport(PROFILE).one(REQUEST))
    assert found["status"] == "proposed"
    assert found["requestedPeriod"] == [{"start": "2026-12-01", "end": "2026-12-04"}]
    assert found["reasonCode"] == [{"text": "lower back"}]
    assert found["participant"][0]["actor"]["display"] == "Sam Example"
    assert found["contained"][0]["telecom"] == [{"system": "phone", "value": "+17805550199"}]


def test_an_agreed_visit_is_booked_in_the_clinics_zone() -> None:
    found = json.loads(FhirExport(PROFILE).one(VISIT))
    assert (found["status"], found["start"]) == ("booked", "2026-12-04T10:00:00-07:00")
    assert (found["end"], found["minutesDuration"]) == ("2026-12-04T10:45:00-07:00", 45)
    assert "requestedPeriod" not in found


def test_several_are_a_bundle() -> None:
    bundle: Any = Bundle.parse_raw(FhirExport(PROFILE).many([REQUEST, VISIT]))
    assert [entry.resource.status for entry in bundle.entry] == ["proposed", "booked"]


def test_an_event_says_when_and_where_and_not_why_or_who() -> None:
    written = CalendarExport(PROFILE).one(VISIT)
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert event.decoded("dtstart") == AT
    assert event.decoded("dtend").minute == 45
    assert (event["status"], event["sequence"], event["location"]) == (
        "CONFIRMED",
        3,
        "1 Test Street",
    )
    assert "lower back" not in written
    assert "Sam" not in written


def test_a_cancelled_visit_takes_the_event_away() -> None:
    kept, gone = (
        Calendar.from_ical(CalendarExport(PROFILE).one(booking))
        for booking in (VISIT, replace(VISIT, status=Status.CANCELLED, version=4))
    )
    uids = {calendar.walk("VEVENT")[0]["uid"] for calendar in (kept, gone)}
    assert len(uids) == 1
    assert (kept["method"], gone["method"]) == ("PUBLISH", "CANCEL")


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONFIRMED])
def test_what_is_no_agreed_visit_is_no_event(status: Status) -> None:
    with pytest.raises(NotExportable, match="B7K-3QD"):
        CalendarExport(PROFILE).one(replace(REQUEST, status=status))
    assert not Calendar.from_ical(CalendarExport(PROFILE).many([REQUEST])).walk("VEVENT")


@given(st.text(max_size=80), st.text(max_size=300))
def test_any_words_make_valid_json_and_an_event_that_can_be_read(name: str, reason: str) -> None:
    booking = replace(VISIT, name=name, reason=reason)
    assert json.loads(FhirExport(PROFILE).one(booking))["contained"][0]["name"] == [{"text": name}]
    assert len(Calendar.from_ical(CalendarExport(PROFILE).one(booking)).walk("VEVENT")) == 1
