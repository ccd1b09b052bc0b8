"""A message that arrives twice is one message: the same reply, and nothing done twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from e2e.booking_talk import request_as
from e2e.patient import Patient
from e2e.serving import Server

COPIES = 10


def test_the_same_message_again_gives_the_same_reply(server: Server, patient: Patient) -> None:
    texts = request_as("Robin Twice")
    for text in texts[:-1]:
        patient.say(text)
    replies = [patient.say(texts[-1], "send-1") for _ in range(3)]
    assert replies[0] == replies[1] == replies[2]
    assert replies[0].ids == ["booking/request"]
    assert patient.said() == texts
    assert len(_bookings_of(server, "Robin Twice")) == 1


def test_ten_copies_at_once_make_one_booking(server: Server, patient: Patient) -> None:
    texts = request_as("Robin Ten")
    for text in texts[:-1]:
        patient.say(text)
    with ThreadPoolExecutor(COPIES) as pool:
        replies = list(pool.map(lambda _: patient.say(texts[-1], "send-1"), range(COPIES)))
    assert all(reply == replies[0] for reply in replies)
    assert "Your reference is" in replies[0].text
    assert patient.said() == texts
    assert len(_bookings_of(server, "Robin Ten")) == 1


def _bookings_of(server: Server, name: str) -> list[object]:
    return [booking for booking in server.bookings() if booking["name"] == name]
