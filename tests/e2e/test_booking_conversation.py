"""Booking requests as patients really make them, over HTTP."""

from __future__ import annotations

import pytest

from e2e.booking_talk import CONSENT, CONTACT, REASON, VISIT, WHEN, book, reference_in, request_as
from e2e.patient import Patient
from e2e.serving import Server
from e2e.turns import (
    BOOKS,
    REQUEST,
    SAYS_CONTACT,
    SAYS_FIRST,
    SAYS_NAME,
    SAYS_REASON,
    SAYS_WHEN,
    SENDS,
    STARTS,
    Turn,
)

SAID_AT_ONCE = "can I come next Tuesday after 4 for my sciatica, it's Sam, 780-555-0134"
HOSTILE_NAME = "<b>Robert'); DROP TABLE bookings;--</b>"

SCENARIOS = {
    "all details of a first message are taken, in any order": (
        Turn(SAID_AT_ONCE, REQUEST, "first visit?"),
        Turn("yes", REQUEST, "Sam; next Tuesday after 4"),
        Turn("text", REQUEST, "Your reference is B"),
    ),
    "a red flag at the last question leaves the request as it was": (
        Turn(SAID_AT_ONCE, REQUEST, "first visit?"),
        Turn("yes", REQUEST, "Sam; next Tuesday after 4"),
        Turn("not a drop of pee since my back went", ("safety/emergency", *REQUEST), "on hold"),
        Turn("it was a joke", ("smalltalk/thanks",), "glad that you are well"),
        Turn("book a visit", REQUEST, "Sam; next Tuesday after 4"),
        Turn("text", REQUEST, "Your reference is B"),
    ),
    "a choice tapped twice is taken once": (
        *BOOKS[:6],
        Turn(VISIT, REQUEST, "Is that right, and may the clinic", "A visit usually"),
        SENDS,
        Turn(CONSENT, ("booking/status",), "is with the clinic. It is not confirmed yet"),
    ),
    "a wish to move a visit can be taken back": (
        *BOOKS,
        Turn("can i move my visit to friday", ("booking/change",), "passed your wish on"),
        Turn("never mind, keep it as it is", ("booking/change",), "stays as it is"),
        Turn("can i move my visit", ("booking/change",), "Which days and times"),
        Turn("leave it", ("booking/change",), "stays as it is"),
    ),
    "a request right after a warning leaves the warning standing": (
        Turn("i have a fever and bad back pain since yesterday", ("safety/urgent",), "Health Link"),
        Turn("ok can i book an appointment then", REQUEST, "Please see a doctor today"),
        Turn(WHEN, REQUEST, "What name", "doctor"),
    ),
    "a request on hold goes on with its question after what the warning said": (
        STARTS,
        Turn("chest pain and my left arm is numb", ("safety/emergency", *REQUEST), "on hold"),
        Turn("called 911, they are coming", ("smalltalk/thanks",), "Thank you for telling me"),
        Turn("continue my request", REQUEST, "Please call 911 now, or ask"),
        Turn(WHEN, REQUEST, "What name", "911"),
    ),
    "a plain no to the first visit is an answer": (
        *BOOKS[:5],
        Turn("no", REQUEST, "been here before"),
        SENDS,
    ),
    "a name given before it is asked is kept": (
        Turn("hi it's Priya, I'd like to book an appointment", REQUEST, "Which days and times"),
        Turn(WHEN, REQUEST, "phone number or email", "What name"),
    ),
    "anything is corrected by saying so, at any step": (
        STARTS,
        SAYS_WHEN,
        Turn("Sam", REQUEST, "phone number or email"),
        Turn("no it's Samantha", REQUEST, "phone number or email"),
        SAYS_CONTACT,
        Turn("make it weekday evenings", REQUEST, "what would you like help with"),
        SAYS_REASON,
        Turn("It's my first visit", REQUEST, "Samantha; weekday evenings"),
        Turn("wrong number, it's 780 555 0177", REQUEST, "0177", "0123"),
        Turn("no it's Sam", REQUEST, "Sam; weekday evenings"),
        Turn("call me please", REQUEST, "Your reference is B"),
    ),
    "a bare time in the form is the form's": (
        STARTS,
        Turn("11pm", REQUEST, "9:00-19:00"),
        Turn("any weekday at 11pm", REQUEST, "9:00-19:00"),
        Turn("sunday?", REQUEST, "closed"),
        Turn("weekday mornings?", REQUEST, "What name"),
    ),
    "a closed day in the first message is told": (
        Turn("can I book sunday for my neck", REQUEST, "closed on Sunday"),
        SAYS_WHEN,
    ),
    "what a person at the desk would take is taken": (
        STARTS,
        Turn("31 November", REQUEST, "no 31 November"),
        Turn("any time yesterday", REQUEST, "already passed"),
        SAYS_WHEN,
        SAYS_NAME,
        Turn("555 0134", REQUEST, "looks incomplete"),
        Turn("+44 20 7946 0018", REQUEST, "what would you like help with"),
        Turn("my back and my neck hurt " * 110, REQUEST, "first 500 characters"),
        Turn("\U0001f44d", REQUEST, "may the clinic call you at +44 20 7946 0018"),
        Turn("maybe", REQUEST, "a clear answer"),
        Turn("yes", REQUEST, "Your reference is B"),
    ),
    "answers in French are taken in the form": (
        STARTS,
        Turn("lundi ou mardi matin", REQUEST, "What name"),
        SAYS_NAME,
        SAYS_CONTACT,
        Turn("mal au dos depuis deux semaines", REQUEST, "first visit?"),
        Turn("oui", REQUEST, "mal au dos"),
        Turn("par texto svp", REQUEST, "Your reference is B"),
    ),
    "a question at the last step is answered, and nothing is sent": (
        *BOOKS[:-1],
        Turn("how much is a visit", ("clinic/fees", *REQUEST), "may the clinic text or call"),
        SENDS,
    ),
    "a request sent before is cancelled inside another, whose draft stays": (
        *BOOKS,
        STARTS,
        Turn("friday after 3", REQUEST, "What name"),
        Turn("cancel my appointment", text="or the request you are making now"),
        Turn("cancel my existing appointment", text="is cancelled", lacks="stopped"),
        Turn("Will Call", REQUEST, "phone number or email"),
        SAYS_CONTACT,
        SAYS_REASON,
        Turn("ok text me", REQUEST, "didn't catch that"),
        Turn("It's my first visit", REQUEST, "Will Call; friday after 3"),
        Turn("make it 4pm", REQUEST, "Will Call; friday 4pm"),
        Turn("not yet", REQUEST, "a clear answer"),
        Turn("no, been before", REQUEST, "been here before"),
        Turn("no its my knee", REQUEST, "; knee;"),
        SENDS,
    ),
    "a wish to move a visit is asked for its time": (
        *BOOKS,
        Turn("can i change my visit?", ("booking/change",), "Which days and times"),
        Turn("sunday", ("booking/change",), "closed"),
        Turn("any tuesday after 3", ("booking/change",), "passed your wish on"),
        Turn("book a visit", REQUEST, "Which days and times suit you?"),
    ),
    "a question beside the name is answered, and the name kept": (
        STARTS,
        Turn("dec 3 or 4", REQUEST, "What name"),
        Turn("Kim Ray. will it hurt?", ("faq/does_it_hurt", *REQUEST), "phone number or email"),
    ),
    "a request on hold is taken up in one's own words": (
        STARTS,
        SAYS_WHEN,
        Turn("can i talk to a person", text="on hold"),
        Turn("how much is it", ("clinic/fees",)),
        Turn("resume", REQUEST, "What name"),
    ),
    "a red flag holds the request, whose question comes again": (
        STARTS,
        SAYS_WHEN,
        Turn("i have crushing chest pain", ("safety/emergency", *REQUEST), "on hold"),
        Turn("book a visit", REQUEST, "What name"),
        SAYS_NAME,
        SAYS_CONTACT,
        SAYS_REASON,
        SAYS_FIRST,
        SENDS,
    ),
}


@pytest.mark.parametrize("turns", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_scenario(patient: Patient, turns: tuple[Turn, ...]) -> None:
    for turn in turns:
        turn.check(patient.say(turn.says))


def test_two_requests_one_after_the_other_are_two(server: Server, patient: Patient) -> None:
    one, other = book(patient), book(patient, "Robin Lee")
    assert one != other
    kept = {b["reference"]: b["name"] for b in server.bookings() if b["reference"] in {one, other}}
    assert kept == {one: "Robin", other: "Robin Lee"}


def test_code_in_every_field_is_kept_as_text(server: Server, patient: Patient) -> None:
    _, _, _, contact, _, visit, consent = request_as()
    patient.say("I'd like to book an appointment")
    patient.say("weekday mornings <script>alert(1)</script>")
    patient.say(HOSTILE_NAME)
    patient.say(contact)
    patient.say("sore neck' OR 1=1; <img src=x onerror=alert(1)>")
    summary = patient.say(visit).text
    assert HOSTILE_NAME in summary
    reference = reference_in(patient.say(consent).text)
    (kept,) = [b for b in server.bookings() if b["reference"] == reference]
    assert kept["name"] == HOSTILE_NAME
    assert kept["reason"] == "sore neck' OR 1=1; <img src=x onerror=alert(1)>"
    assert kept["preferred"] == "weekday mornings <script>alert(1)</script>"


def test_a_request_goes_on_after_a_restart(server: Server, patient: Patient) -> None:
    for turn in (STARTS, SAYS_WHEN, SAYS_NAME):
        turn.check(patient.say(turn.says))
    server.stop()
    server.start()
    Turn(CONTACT, REQUEST, "what would you like help with").check(patient.say(CONTACT))
    Turn(REASON, REQUEST, "first visit?").check(patient.say(REASON))
