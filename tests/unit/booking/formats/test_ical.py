from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from icalendar import Calendar
from icalendar.cal import Component

from bot.booking import Booking, Status
from bot.booking.formats.ical import STATUSES, VisitCalendar
from bot.content import ClinicProfile
from bot.settings import ROOT

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
START = datetime(2026, 12, 4, 10, 0, tzinfo=timezone(timedelta(hours=-7)))
PROFILE = ClinicProfile.load(ROOT / "data" / "clinic" / "demo.yml")
VISIT = Booking(
    name="Sam Private",
    reason="private reason",
    preferred="any friday",
    visit="first",
    consent=True,
    phone="+17805550199",
    reference="B7K-3QD",
    conversation_id="web:a",
    channel="web",
    status=Status.CONFIRMED,
    created_at=NOW,
    updated_at=NOW,
    version=3,
    starts_at=START,
    minutes=45,
)


def _read(text: str) -> tuple[Component, Component]:
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_visit_is_at_its_time_and_place() -> None:
    calendar, event = _read(VisitCalendar(PROFILE).write([VISIT]))
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert event.decoded("dtstart") == START
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=45)
    assert event.decoded("dtstamp") == NOW
    assert event["location"] == PROFILE.address
    assert event["organizer"] == f"mailto:{PROFILE.email}"
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 3)


def test_nothing_of_the_patient_s_is_in_it() -> None:
    written = VisitCalendar(PROFILE).write([VISIT])
    assert "B7K-3QD" in written
    for private in ("Sam", "private", "0199", "any friday"):
        assert private not in written


def test_a_visit_that_moved_is_the_same_one_with_a_higher_number() -> None:
    moved = replace(VISIT, version=4, starts_at=START + timedelta(days=1))
    _, before = _read(VisitCalendar(PROFILE).write([VISIT]))
    _, after = _read(VisitCalendar(PROFILE).write([moved]))
    assert (after["uid"], after["sequence"]) == (before["uid"], 4)


def test_a_visit_called_off_says_so() -> None:
    _, event = _read(VisitCalendar(PROFILE).write([replace(VISIT, status=Status.CANCELLED)]))
    assert event["status"] == "CANCELLED"


@pytest.mark.parametrize(
    "booking",
    [
        *(replace(VISIT, status=status) for status in Status if status not in STATUSES),
        replace(VISIT, status=Status.CANCELLED, starts_at=None, minutes=None),
    ],
    ids=lambda booking: booking.status.value,
)
def test_what_is_no_visit_is_not_taken(booking: Booking) -> None:
    assert not VisitCalendar(PROFILE).takes(booking)


def test_lines_end_and_fold_as_the_standard_wants() -> None:
    profile = PROFILE.copy(update={"address": "Ünter, den; Linden\\" * 20})
    written = VisitCalendar(profile).write([VISIT])
    assert written.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    _, event = _read(written)
    assert event["location"] == profile.address


def test_a_clinic_without_an_address_or_email_states_none() -> None:
    bare = ClinicProfile(name="Clinic", phone="780-555-0142")
    calendar, event = _read(VisitCalendar(bare).write([VISIT]))
    assert "location" not in event
    assert "organizer" not in event
    assert "method" not in calendar
