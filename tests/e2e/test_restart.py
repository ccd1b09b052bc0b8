"""What was taken is never lost: not by a crash, not by a restart."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.guard.sessions import Sessions
from e2e.booking_talk import ASKS, NAME, WHEN, book
from e2e.patient import Patient
from e2e.serving import Server

RECOVERY_SECONDS = 60
UNANSWERED = "does it hurt?"
UNANSWERED_ID = "taken-before-the-crash"


@dataclass(frozen=True)
class Crash:
    """What was so when the server died.

    Attributes:
        booked: A patient whose request was sent.
        reference: That request's.
        history: That patient's conversation.
        booking: A patient in the middle of a request.
        unanswered: A patient whose message was taken and not answered.
    """

    booked: Patient
    reference: str
    history: list[dict[str, Any]]
    booking: Patient
    unanswered: Patient


@pytest.fixture(scope="module")
def crash(served: Server) -> Crash:
    """Kills the server at a bad moment and starts it again, once for all tests here."""
    if not served.is_running:
        served.start()
    booked, booking, unanswered = (served.patient() for _ in range(3))
    reference = book(booked)
    for text in (ASKS, WHEN):
        booking.say(text)
    history = booked.history()
    served.kill()
    _take_without_answer(served, unanswered)
    served.start()
    return Crash(booked, reference, history, booking, unanswered)


def test_the_conversation_survives_a_crash(crash: Crash) -> None:
    assert crash.history
    assert crash.booked.history() == crash.history


def test_the_booking_survives_a_crash(server: Server, crash: Crash) -> None:
    assert crash.reference in [booking["reference"] for booking in server.bookings()]
    assert crash.reference in crash.booked.say("Am I booked?").text


def test_a_request_under_way_goes_on_after_a_crash(crash: Crash) -> None:
    assert "phone number or email" in crash.booking.say(NAME).text


def test_what_was_taken_and_not_answered_is_answered_after_the_start(crash: Crash) -> None:
    _wait_until(lambda: len(crash.unanswered.history()) > 1)
    asked, *answered = crash.unanswered.history()
    assert asked["text"] == UNANSWERED
    assert [entry["answer_ids"] for entry in answered] == [["faq/does_it_hurt"]]
    again = crash.unanswered.say(UNANSWERED, UNANSWERED_ID)
    assert [message["text"] for message in again.messages] == [answered[0]["text"]]
    assert crash.unanswered.said() == [UNANSWERED]


def test_ctrl_c_ends_it_in_time_and_with_exit_code_0(server: Server) -> None:
    server.stop()
    assert not server.is_running


def _take_without_answer(server: Server, patient: Patient) -> None:
    """What a server that died between taking and answering leaves behind."""
    sessions = Sessions(server.secret, timedelta(days=1))
    row = {
        "channel": "web",
        "conversation_id": sessions.conversation_of(patient.authorization["Authorization"]),
        "message_id": UNANSWERED_ID,
        "text": UNANSWERED,
        "received_at": datetime.now(timezone.utc).isoformat(timespec="microseconds"),
        "status": "received",
    }
    insert = f"INSERT INTO inbox ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
    with sqlite3.connect(server.database) as connection:
        connection.execute(insert, tuple(row.values()))
    connection.close()


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "the message stays unanswered"
        time.sleep(0.2)
