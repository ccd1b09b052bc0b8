from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from fhir.resources import __fhir_version__
from fhir.resources.appointment import Appointment
from fhir.resources.bundle import Bundle
from fhir.resources.patient import Patient
from hypothesis import given
from hypothesis import strategies as st

from bot.booking import Booking, Status
from bot.booking.formats.fhir import FhirAppointments
from bot.content import ClinicProfile

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)
START = datetime(2026, 12, 4, 17, 0, tzinfo=timezone.utc)
FORM = FhirAppointments(ClinicProfile(name="Clinic", phone="780-555-0142"))
REQUEST = Booking(
    name="李小龙",
    reason="lower back",
    preferred="friday (Friday 27 November 2026)",
    visit="first",
    consent=True,
    phone="+17805550199",
    reference="B7K-3QD",
    conversation_id="web:a",
    channel="web",
    status=Status.RECEIVED,
    created_at=NOW,
    updated_at=NOW + timedelta(minutes=1),
    last_day=date(2026, 11, 27),
)
TIMED = {Status.PROPOSED, Status.CONFIRMED}
# What a database can hold.
WORDS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))


def _written(booking: Booking) -> dict[str, Any]:
    """What is written, once it has passed validation."""
    resource: dict[str, Any] = json.loads(FORM.write_one(booking))
    Appointment.parse_obj(resource)
    (patient,) = resource["contained"]
    Patient.parse_obj(patient)
    return resource


def _at(status: Status) -> Booking:
    at = replace(REQUEST, status=status)
    return replace(at, starts_at=START, minutes=45) if status in TIMED else at


def test_the_validator_is_for_the_release_that_is_written() -> None:
    assert __fhir_version__ == "4.0.1"


def test_a_request_is_a_proposed_appointment() -> None:
    found = _written(REQUEST)
    assert (found["resourceType"], found["status"]) == ("Appointment", "proposed")
    assert found["identifier"] == [{"system": "urn:patient-faq:reference", "value": "B7K-3QD"}]
    assert found["requestedPeriod"] == [{"start": "2026-11-27", "end": "2026-11-27"}]
    assert found["reasonCode"] == [{"text": "lower back"}]
    assert found["created"] == "2026-11-24T10:00:00-07:00"
    assert "start" not in found


def test_the_patient_and_the_clinic_take_part() -> None:
    found = _written(REQUEST)
    patient, clinic = found["participant"]
    assert (patient["actor"]["reference"], patient["status"]) == ("#patient", "accepted")
    assert (clinic["actor"]["display"], clinic["status"]) == ("Clinic", "needs-action")
    (contained,) = found["contained"]
    assert contained["name"] == [{"text": "李小龙"}]
    assert contained["telecom"] == [{"system": "phone", "value": "+17805550199"}]


def test_who_agreed_to_texts_is_reached_by_text() -> None:
    (patient,) = _written(replace(REQUEST, contact_consent="text"))["contained"]
    assert patient["telecom"][0]["system"] == "sms"


@pytest.mark.parametrize(
    ("status", "written"),
    [
        (Status.SEEN, "proposed"),
        (Status.PROPOSED, "pending"),
        (Status.CONFIRMED, "booked"),
        (Status.DECLINED, "cancelled"),
        (Status.CANCELLED, "cancelled"),
        (Status.EXPIRED, "cancelled"),
    ],
)
def test_every_status_has_its_place(status: Status, written: str) -> None:
    found = _written(_at(status))
    assert found["status"] == written
    # app-3 and app-4 of the standard.
    assert ("start" in found) == (status in TIMED)
    assert ("cancelationReason" in found) == (written == "cancelled")


def test_a_visit_has_its_time() -> None:
    found = _written(_at(Status.CONFIRMED))
    assert found["start"] == "2026-12-04T10:00:00-07:00"
    assert found["end"] == "2026-12-04T10:45:00-07:00"
    assert found["minutesDuration"] == 45


@pytest.mark.parametrize(
    ("preferred", "last", "periods"),
    [
        ("any morning", None, [{"start": "2026-11-24"}]),
        (
            "thursday or friday (Thursday 26 November 2026, Friday 27 November 2026)",
            date(2026, 11, 27),
            [
                {"start": "2026-11-26", "end": "2026-11-26"},
                {"start": "2026-11-27", "end": "2026-11-27"},
            ],
        ),
        (
            "next week (Monday 30 November 2026 to Sunday 6 December 2026)",
            date(2026, 12, 6),
            [{"start": "2026-11-30", "end": "2026-12-06"}],
        ),
    ],
)
def test_the_wished_days_are_the_requested_periods(
    preferred: str, last: date | None, periods: list[dict[str, str]]
) -> None:
    found = _written(replace(REQUEST, preferred=preferred, last_day=last))
    assert found["requestedPeriod"] == periods
    assert found["comment"] == preferred


@given(name=WORDS, reason=WORDS, preferred=WORDS, status=st.sampled_from(Status))
def test_any_words_make_a_valid_appointment(
    name: str, reason: str, preferred: str, status: Status
) -> None:
    _written(replace(_at(status), name=name, reason=reason, preferred=preferred, last_day=None))


def test_several_are_a_bundle_and_so_are_none() -> None:
    other = replace(REQUEST, reference="B4M-7XW", status=Status.DECLINED)
    written = FORM.write([REQUEST, other])
    assert written.count("\n") == 1
    bundle = Bundle.parse_raw(written)
    assert [entry.resource.id for entry in bundle.entry] == ["B7K-3QD", "B4M-7XW"]
    assert len({entry.fullUrl for entry in bundle.entry}) == 2
    assert Bundle.parse_raw(FORM.write([])).entry is None
