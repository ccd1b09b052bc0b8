"""A patient's data is shown, then gone: through the running server and the commands beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from e2e.booking_talk import ASKS, CONSENT, REASON, VISIT, WHEN, book, request_as
from e2e.patient import Patient
from e2e.serving import Server, run_bot

MINE, PHONE = "Quendolyn", "780-555-0161"
CONTACT = f"you can reach me at {PHONE}"
SPELLED = "+1 (780) 555-0161"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def _patient(server: Server, *arguments: str) -> Done:
    done = run_bot(server.env, "patient", *arguments)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def _book_as_mine(patient: Patient) -> None:
    for text in (ASKS, WHEN, MINE, CONTACT, REASON, VISIT, CONSENT):
        patient.say(text)


def _files(server: Server) -> bytes:
    paths: Iterator[Path] = server.database.parent.glob(f"{server.database.name}*")
    return b"".join(path.read_bytes() for path in paths)


@pytest.fixture()
def mine(server: Server) -> Patient:
    patient = server.patient()
    patient.say("does it hurt?")
    _book_as_mine(patient)
    return patient


def _export(server: Server, typed: str) -> dict[str, Any]:
    done = _patient(server, "export", typed)
    assert done.code == 0, done.err
    document: dict[str, Any] = json.loads(done.out)
    return document


def _settled(counts: dict[str, int]) -> dict[str, int]:
    """Without the copies for staff, which are made a moment after each reply."""
    return {table: count for table, count in counts.items() if table != "review_turns"}


def test_a_patient_is_exported_and_erased_and_the_old_session_brings_nothing_back(
    server: Server, mine: Patient, patient: Patient
) -> None:
    other = book(patient)
    by_phone, by_session = _export(server, SPELLED), _export(server, mine.token)
    rows = by_phone["counts"]
    assert _settled(by_session["counts"]) == _settled(rows)
    assert (rows["bookings"], rows["inbox"]) == (1, 8)
    assert [booking["name"] for booking in by_phone["bookings"]] == [MINE]
    assert [row["text"] for row in by_phone["inbox"]][:2] == ["does it hurt?", ASKS]
    assert other not in json.dumps(by_phone)
    assert server.secret not in json.dumps(by_phone)

    erased = _patient(server, "erase", SPELLED, "--by", "Kim")
    assert erased.code == 0, erased.err
    assert f"{rows['inbox']} inbox" in erased.out
    assert MINE not in erased.out
    assert mine.history() == []
    assert [booking["reference"] for booking in server.bookings() if MINE in str(booking)] == []
    assert other in [booking["reference"] for booking in server.bookings()]
    assert not any(mark.encode() in _files(server) for mark in (MINE, "+17805550161"))
    for typed in (SPELLED, mine.token):
        again = _patient(server, "erase", typed)
        assert (again.code, "Nothing is kept" in again.err) == (1, True)

    answer = mine.say("what is the status of my request?")
    assert MINE not in answer.text
    assert mine.said() == ["what is the status of my request?"]
    assert _export(server, mine.token)["counts"]["inbox"] == 1
    assert _patient(server, "export", SPELLED).code == 1


def test_a_request_half_made_is_forgotten_with_the_rest(server: Server) -> None:
    patient = server.patient()
    for text in request_as(MINE)[:4]:
        patient.say(text)
    assert _patient(server, "erase", patient.token).code == 0
    assert MINE.encode() not in _files(server)
    patient.say(ASKS)
    summary = [patient.say(text).text for text in (WHEN, "Robin", CONTACT, REASON, VISIT)][-1]
    assert MINE not in summary
    assert "Robin" in summary


def test_a_confirmed_visit_needs_force(server: Server, patient: Patient) -> None:
    reference = book(patient)
    time = ("--at", "2096-12-04T10:00", "--minutes", "45")
    assert (
        run_bot(server.env, "booking", "confirm", reference, "--by", "Kim", *time).returncode == 0
    )
    refused = _patient(server, "erase", patient.token)
    assert refused.code == 1
    assert reference in refused.err
    assert reference in [booking["reference"] for booking in server.bookings()]
    assert _patient(server, "erase", patient.token, "--force").code == 0
    assert reference not in [booking["reference"] for booking in server.bookings()]


def test_a_purge_beside_a_running_server(server: Server, mine: Patient) -> None:
    done = run_bot(server.env, "db", "purge", "--now", "2196-01-01T00:00:00Z")
    assert done.returncode == 0, done.stderr.decode()
    assert mine.history() == []
    assert server.bookings() == []
    assert not any(mark in _files(server) for mark in (MINE.encode(), b"does it hurt", b"web:"))
    assert mine.say("does it hurt?").ids == ["faq/does_it_hurt"]
