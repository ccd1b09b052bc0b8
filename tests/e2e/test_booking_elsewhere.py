"""A request reached again: among several, from another conversation, and after staff answered."""

from __future__ import annotations

from e2e.booking_talk import book
from e2e.patient import Patient
from e2e.serving import Server, run_bot

PHONE = "780 555 0123"
TIME = ("--at", "2096-12-04T10:00", "--minutes", "45")


def _staff(server: Server, *arguments: str) -> None:
    done = run_bot(server.env, "booking", *arguments, "--by", "Kim")
    assert done.returncode == 0, done.stderr.decode()


def test_of_two_requests_the_chosen_one_is_cancelled(server: Server, patient: Patient) -> None:
    first, second = (book(patient, name) for name in ("Robin One", "Robin Two"))
    reply = patient.say("please cancel my appointment")
    assert set(reply.choices) == {first, second}
    assert f"{first} (weekday mornings) is cancelled" in patient.say(reply.choices[first]).text
    assert f"{second} (weekday mornings) is with" in patient.say("Am I booked?").text


def test_another_conversation_needs_the_reference_and_the_phone(
    server: Server, patient: Patient
) -> None:
    reference = book(patient, "Robin Elsewhere")
    other = server.patient()
    assert "If you asked for it somewhere else" in other.say("please cancel my appointment").text
    asked = other.say(f"{reference}")
    assert asked.ids == ["booking/cancel"]
    assert "the phone number you gave" in asked.text
    wrong = other.say("780 555 0111").text
    assert "can't find a request" in wrong
    done = other.say(f"cancel {reference}, my number is {PHONE}")
    assert f"{reference} (weekday mornings) is cancelled" in done.text
    assert patient.history()[-1]["text"].startswith(f"Your request {reference}")


def test_what_staff_offer_is_in_the_chat_and_taken_by_its_reference(
    server: Server, patient: Patient
) -> None:
    reference = book(patient, "Robin Offer")
    _staff(server, "propose", reference, *TIME)
    offer = patient.history()[-1]
    assert "Tuesday 4 December 2096 at 10:00 am" in offer["text"]
    assert "not confirmed yet" in offer["text"]
    assert f"{reference} suits me" in patient.say("yes").text
    takes = offer["choices"][0]["text"]
    assert "is confirmed: Tuesday 4 December 2096" in patient.say(takes).text
    _staff(server, "cancel", reference)
    assert patient.history()[-1]["text"].endswith("is cancelled.")


def test_five_wrong_tries_close_the_door_of_that_conversation(
    server: Server, patient: Patient
) -> None:
    reference = book(patient, "Robin Door")
    other = server.patient()
    for number in range(5):
        assert "can't find" in other.say(f"is {reference} ok? 780 555 011{number}").text
    assert "can't look up more" in other.say(f"is {reference} ok? {PHONE}").text
    assert "is with the clinic" in patient.say(f"is {reference} ok?").text
