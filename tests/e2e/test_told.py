"""What leaves the assistant about a request: email to staff, the patient's calendar, FHIR."""

from __future__ import annotations

import json
import mailbox
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from fhir.resources.appointment import Appointment
from icalendar import Calendar

from e2e.booking_talk import ASKS, NAME, REASON, VISIT, WHEN, book, reference_in
from e2e.serving import Server, free_port, run_bot

SECONDS = 30
TIME = ("--at", "2096-12-04T10:00", "--minutes", "45")


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """A mail server: its folder of mail, and its port."""
    folder = tmp_path_factory.mktemp("mail") / "box"
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield folder, controller.port
    controller.stop()


@pytest.fixture(scope="module")
def telling(
    trained: None, post: tuple[Path, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that tells staff by email."""
    serving = Server(
        tmp_path_factory.mktemp("telling"),
        SMTP_URL=f"smtp://127.0.0.1:{post[1]}",
        MAIL_FROM="assistant@clinic.example",
        STAFF_EMAIL="desk@clinic.example",
    )
    try:
        serving.start()
        yield serving
    finally:
        serving.kill()


def _mail(folder: Path, subject: str) -> str:
    """The one message with a subject, once it is there."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        found = [message for message in mailbox.Maildir(folder) if message["subject"] == subject]
        if found:
            (message,) = found
            return message.as_string()
        time.sleep(0.2)
    pytest.fail(f"no email: {subject}")


def _staff(server: Server, *arguments: str) -> str:
    done = run_bot(server.env, "booking", *arguments)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_staff_get_an_email_with_the_reference_and_nothing_of_the_patient_s(
    telling: Server, post: tuple[Path, int]
) -> None:
    patient = telling.patient()
    reference = book(patient)
    email = _mail(post[0], f"New request {reference}")
    assert f"bot booking show {reference}" in email
    assert [word for word in (NAME, REASON, "0123") if word in email] == []
    assert "is cancelled" in patient.say("please cancel my appointment").text
    assert reference in _mail(post[0], f"{reference} was cancelled")


def test_a_confirmed_visit_is_a_calendar_file_behind_the_link_in_the_chat(telling: Server) -> None:
    patient = telling.patient()
    reference = book(patient)
    _staff(telling, "confirm", reference, "--by", "Kim", *TIME)
    told = patient.history()[-1]["text"]
    assert patient.say("am I booked?").text == told
    link = re.search(r"http://127\.0\.0\.1:5005(/visits/\S+\.ics)$", told)
    assert link is not None, told
    answer = telling.http.get(link[1])
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    (event,) = Calendar.from_ical(answer.text).walk("VEVENT")
    assert (event["status"], event["dtstart"].to_ical()) == ("CONFIRMED", b"20961204T170000Z")
    forged = telling.http.get(link[1].replace(reference, "B7K-3QD"))
    assert (forged.status, forged.json["error"]["code"]) == (404, "unknown_link")
    _staff(telling, "cancel", reference, "--by", "Kim")
    (event,) = Calendar.from_ical(telling.http.get(link[1]).text).walk("VEVENT")
    assert event["status"] == "CANCELLED"


def test_who_chose_email_gets_the_visit_by_email(telling: Server, post: tuple[Path, int]) -> None:
    patient = telling.patient()
    contact, consent = "robin@example.com", "Email me"
    said = [ASKS, WHEN, NAME, contact, REASON, VISIT, consent]
    reference = reference_in([patient.say(text).text for text in said][-1])
    _staff(telling, "confirm", reference, "--by", "Kim", *TIME)
    email = _mail(post[0], f"Your visit: request {reference}")
    assert "To: robin@example.com" in email
    assert "visit.ics" in email
    assert [word for word in (NAME, REASON) if word in email] == []


def test_a_request_is_exported_as_a_proposed_appointment(telling: Server) -> None:
    reference = book(telling.patient())
    resource = json.loads(_staff(telling, "export", "--fhir", reference))
    appointment = Appointment.parse_obj(resource)
    assert (appointment.id, appointment.status) == (reference, "proposed")
    assert resource["reasonCode"] == [{"text": REASON}]
