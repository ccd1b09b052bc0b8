"""Whole conversations over HTTP, as named turns."""

from __future__ import annotations

import pytest

from e2e.booking_talk import NAME, REASON, VISIT, WHEN, book
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

SCENARIOS = {
    "questions get the approved answer": (
        Turn("does it hurt?", ("faq/does_it_hurt",)),
        Turn("how long does a session take?", ("faq/session_length",)),
        Turn("when are you open?", ("clinic/hours",), "9:00-19:00"),
        Turn("how much is a visit", ("clinic/fees",), "$110"),
        Turn("thanks!", ("smalltalk/thanks",)),
    ),
    "every question of a message is answered, in its order": (
        Turn("how much is it and does it hurt", ("clinic/fees", "faq/does_it_hurt")),
        Turn("does it hurt how much is it", ("faq/does_it_hurt", "clinic/fees")),
        Turn("cost? hours? parking?", ("clinic/fees", "clinic/hours", "clinic/location")),
        Turn("do you have parking?", ("clinic/location",)),
    ),
    "a question beside a wish for a visit is answered, and the day is taken": (
        Turn(
            "how much is it and can i book a visit on weekday mornings",
            ("clinic/fees", "booking/request"),
            "What name",
        ),
    ),
    "a question beside a wish for a person is answered first": (
        Turn(
            "what does it cost and can i talk to a real person please",
            ("clinic/fees", "handoff/human"),
        ),
    ),
    "a red flag beside two wishes gets the warning and starts no request": (
        Turn("i cant feel my legs, how much is it and can i come tuesday", text="911"),
        Turn(NAME, lacks="phone number or email"),
    ),
    "what it cannot help with is declined, and a person offered": (
        Turn("what is the capital of mongolia", ("other/out_of_scope",), "780-555-0142"),
        Turn("does it hurt?", ("faq/does_it_hurt",)),
    ),
    "a person is a sentence away": (
        Turn("can I talk to a real person please", ("handoff/human",), "780-555-0142"),
    ),
    "a question leans on the answer before it": (
        Turn("does acupuncture help with tight muscles?", ("faq/muscle_tension",)),
        Turn("what about my shoulder?", ("faq/who_benefits",)),
        Turn("ok but is that covered", ("clinic/insurance",)),
        Turn("and for my daughter, she is 9", ("faq/children",)),
        Turn("are you open on weekends?", ("clinic/hours",)),
        Turn("what about good friday", ("clinic/hours",)),
        Turn("what about the hockey game", ("other/out_of_scope",)),
    ),
    "a short word asks for more of an answer": (
        Turn("does acupuncture help with tight muscles?", ("faq/muscle_tension",)),
        Turn("are you sure?", ("faq/evidence",)),
        Turn("when are you open?", ("clinic/hours",)),
        Turn("tell me more", ("clinic/location", "clinic/contact", *REQUEST), "Did you mean"),
        Turn("the second one", ("clinic/contact",)),
    ),
    "a warning that is doubted is said again": (
        Turn("i have crushing chest pain", ("safety/emergency",), "911"),
        Turn("are you sure?", ("safety/emergency",), "911"),
        Turn("is it really that serious?", ("safety/emergency",), "911"),
        Turn("I'm fine now", ("safety/emergency",), "911"),
        Turn("it was a joke", ("smalltalk/thanks",), "glad that you are well", "Did you mean"),
        Turn("how much is a visit", ("clinic/fees",), "$110"),
    ),
    "a joke about suicide gets a calm word with the numbers in it": (
        Turn("i want to kill myself", ("safety/crisis",), "988"),
        Turn("jk", ("smalltalk/thanks",), "988"),
    ),
    "a joke taken back in French is answered in French": (
        Turn("je veux me suicider", ("safety/crisis",), "988", "You"),
        Turn("c'était une blague", ("smalltalk/thanks",), "Tant mieux si tout va bien", "glad"),
        Turn("je n'arrive plus à respirer", ("safety/emergency",), "911", "Please"),
        Turn("c'est si grave que ça?", ("safety/emergency",), "Appelez le 911", "Please"),
        Turn("j'niaisais, désolé", ("smalltalk/thanks",), "Tant mieux si tout va bien", "glad"),
    ),
    "another language is told that only English is answered": (
        Turn("combien coûte chaque visite", ("other/out_of_scope",), "seulement en anglais"),
        Turn("针灸疼吗", ("other/out_of_scope",), "780-555-0142"),
        Turn("hola, how much is a visit", ("clinic/fees",), "$110", "only in English"),
    ),
    "a request takes a name and a reason in any script": (
        STARTS,
        SAYS_WHEN,
        Turn("王小明", REQUEST, "phone number or email"),
        SAYS_CONTACT,
        Turn("腰痛两个星期了", REQUEST, "first visit?", "only in English"),
        Turn(VISIT, REQUEST, "王小明; weekday mornings; 腰痛两个星期了"),
        SENDS,
    ),
    "what leans on nothing in a request is left to the request": (
        STARTS,
        SAYS_WHEN,
        SAYS_NAME,
        Turn("2", REQUEST, "area code"),
        SAYS_CONTACT,
    ),
    "a crisis gets its own number": (
        Turn("i want to kill myself", ("safety/crisis",), "988"),
        Turn("hello", ("smalltalk/greet",)),
    ),
    "an urgent sign is sent to a doctor today": (
        Turn("I have a fever and chills and my back hurts", ("safety/urgent",), "811"),
    ),
    "a question interrupts a request, which goes on": (
        STARTS,
        Turn("does it hurt?", ("faq/does_it_hurt", *REQUEST), "Which days and times"),
        SAYS_WHEN,
        Turn("what are your hours?", ("clinic/hours", *REQUEST), "What name"),
        SAYS_NAME,
        SAYS_CONTACT,
        SAYS_REASON,
        Turn("how much is a visit", ("clinic/fees", *REQUEST), "first visit?"),
        SAYS_FIRST,
        SENDS,
    ),
    "a request is corrected before it is sent": (
        *BOOKS[:-1],
        Turn("wrong number, it's 780 555 0177", REQUEST, "0177", "0123"),
        SENDS,
    ),
    "an answer that cannot be read is asked again, with a reason": (
        STARTS,
        SAYS_WHEN,
        SAYS_NAME,
        Turn("12", REQUEST, "area code"),
        SAYS_CONTACT,
    ),
    "a time when the clinic is closed is refused with its hours": (
        STARTS,
        Turn("sundays", REQUEST, "closed on Sundays"),
        Turn("can i come tuesday at 11pm", REQUEST, "9:00-19:00"),
        Turn("31 November", REQUEST, "no 31 November"),
        SAYS_WHEN,
    ),
    "all that is said at once is asked for no more": (
        Turn(
            "Hi, this is Maria del Carmen Santos Ruiz. Can I book any weekday after work for my "
            "lower back? 780 555 0123",
            REQUEST,
            "first visit?",
        ),
        Turn(VISIT, REQUEST, "Maria del Carmen Santos Ruiz; any weekday after work; lower back"),
    ),
    "a request is abandoned": (
        STARTS,
        SAYS_WHEN,
        Turn("stop", REQUEST, "nothing was sent"),
        Turn("Am I booked?", ("booking/status",), "no request from you"),
    ),
    "without consent nothing is kept": (
        *BOOKS[:-1],
        Turn("No, don't send it", REQUEST, "nothing was sent"),
        Turn("Am I booked?", ("booking/status",), "no request from you"),
    ),
    "an emergency puts a request on hold, and it goes on where it was": (
        STARTS,
        SAYS_WHEN,
        Turn("i have crushing chest pain", ("safety/emergency", *REQUEST), "on hold"),
        Turn("where is my booking", text="on hold"),
        Turn("book a visit", REQUEST, "What name"),
    ),
    "a request is looked up, moved and cancelled": (
        *BOOKS,
        Turn("Am I booked?", ("booking/status",), "not confirmed yet"),
        Turn("can I move my appointment to friday", ("booking/change",), "nothing has changed"),
        Turn("please cancel my appointment", ("booking/cancel",), "is cancelled"),
        Turn("Am I booked?", ("booking/status",), "is cancelled"),
    ),
}


@pytest.mark.parametrize("turns", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_scenario(patient: Patient, turns: tuple[Turn, ...]) -> None:
    for turn in turns:
        turn.check(patient.say(turn.says))


def test_an_answer_names_its_source_and_offers_what_comes_next(patient: Patient) -> None:
    (message,) = patient.say("does it hurt?").messages
    assert message["source"].startswith("the clinic's article")
    title, text = next(iter(patient.say("does it hurt?").choices.items()))
    followed = patient.say(text)
    assert title == text, "a choice sends the words the patient sees"
    assert followed.ids[0].startswith("faq/")


def test_an_unclear_message_gets_choices_in_plain_words(patient: Patient) -> None:
    reply = patient.say("what about visits")
    assert 2 <= len(reply.choices) <= 3
    assert len(reply.choices) == len(reply.ids)
    assert not any("/" in title for title in reply.choices)
    assert patient.say(next(iter(reply.choices.values()))).ids[0] == reply.ids[0]


def test_an_emergency_comes_first_and_the_question_is_answered_after_it(
    patient: Patient, warning: str
) -> None:
    reply = patient.say(
        "i cant feel anything between my legs and i wet myself. how much does a visit cost?"
    )
    assert reply.ids == ["safety/emergency", "clinic/fees"]
    assert reply.messages[0]["text"] == warning


def test_a_request_is_stored_as_it_was_given(server: Server, patient: Patient) -> None:
    reference = book(patient)
    (booking,) = [b for b in server.bookings() if b["reference"] == reference]
    told = {name: booking[name] for name in ("name", "phone", "preferred", "reason", "visit")}
    assert told == {
        "name": NAME,
        "phone": "+17805550123",
        "preferred": WHEN,
        "reason": REASON,
        "visit": "first",
    }
    assert booking["status"] == "received"


def test_the_reference_stays_with_the_conversation(patient: Patient) -> None:
    reference = book(patient)
    patient.say("does it hurt?")
    assert reference in patient.say("Am I booked?").text
    assert any(reference in entry["text"] for entry in patient.history())


def test_another_session_sees_nothing_of_it(server: Server, patient: Patient) -> None:
    reference = book(patient)
    stranger = server.patient()
    for says in ("Am I booked?", f"is {reference} confirmed?", f"cancel {reference}"):
        reply = stranger.say(says)
        assert NAME not in reply.text
        assert "is cancelled" not in reply.text
        assert "not confirmed yet" not in reply.text
    assert all(entry["text"] not in patient.said() for entry in stranger.history())
    assert "not confirmed yet" in patient.say("Am I booked?").text
