"""A web chat goes on by text message: only after the code, with all that the assistant knew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count

import pytest
from fakes.provider_api import ProviderFake

from e2e.booking_talk import ASKS, CONTACT, NAME, REASON, WHEN, book, reference_in
from e2e.patient import Patient
from e2e.serving import Server, run_bot
from e2e.texter import Texter, another, confirm, go_on

# One for each test: what a phone knows stays with it.
NUMBERS = count(7_805_550_160)


@pytest.fixture()
def phone(texting: Server, phones: ProviderFake) -> Texter:
    return Texter(texting, phones, f"+1{next(NUMBERS)}")


@pytest.fixture()
def chat(texting: Server) -> Iterator[Patient]:
    yield texting.patient()


def test_a_half_filled_request_goes_on_by_text_and_is_made_once(
    texting: Server, chat: Patient, phone: Texter
) -> None:
    for said in (ASKS, WHEN, NAME):
        chat.say(said)
    first = phone.prove(chat)
    assert first.startswith("Your phone is confirmed. Your visit request goes on here")
    assert "STOP to end" in first
    assert first.endswith("Which phone number or email can the clinic reach you at?")
    # The web chat has put it away, and says so.
    assert "goes on by text message, so I have put it away" in chat.history()[-1]["text"]
    assert phone.write(CONTACT).startswith("In a few words, what would you like help with?")
    # Numbered choices work there as anywhere.
    assert "2 Been before" in phone.write(REASON)
    summary = phone.write("1")
    assert NAME in summary and WHEN in summary and "first visit" in summary.lower()
    reference = reference_in(phone.write("text"))
    made = [booking for booking in texting.bookings() if booking["reference"] == reference]
    assert [(b["name"], b["channel"]) for b in made] == [(NAME, "sms")]
    # The web chat does not know it as its own, and still answers questions.
    assert reference not in chat.say("am I booked?").text
    assert chat.say("does it hurt?").ids == ["faq/does_it_hurt"]
    assert "tingl" in phone.write("does it hurt?")


def test_a_follow_up_by_text_leans_on_the_last_answer_of_the_chat(
    chat: Patient, phone: Texter
) -> None:
    assert chat.say("what happens at a first visit?").ids == ["faq/what_to_expect"]
    alone = phone.write("and how long does it take?")
    told = phone.prove(chat)
    assert told == "Your phone is confirmed. You can go on here by text message."
    after = phone.write("and how long does it take?")
    assert "minutes" in after, (alone, after)
    assert chat.history()[-1]["text"].startswith("Your phone is confirmed. Look for a text")


def test_a_request_of_the_chat_is_reached_from_its_phone_and_no_other(
    texting: Server, phones: ProviderFake, chat: Patient, phone: Texter
) -> None:
    reference = book(chat)
    stranger = Texter(texting, phones, f"+1{next(NUMBERS)}")
    assert reference not in phone.write("am I booked?")
    phone.prove(chat)
    assert reference in phone.write("am I booked?")
    assert reference not in stranger.write("am I booked?")
    assert "passed" in phone.write("can you move my visit to tuesday afternoon")
    assert f"{reference} (weekday mornings) is cancelled" in phone.write("please cancel my visit")
    # The chat is told, since it was asked for there.
    assert chat.history()[-1]["text"].startswith(f"Your request {reference}")
    assert chat.history()[-2]["text"].startswith("Your phone is confirmed")


def test_nothing_is_shared_without_the_code(
    texting: Server, phones: ProviderFake, chat: Patient, phone: Texter
) -> None:
    reference = book(chat)
    for said in (ASKS, WHEN):
        chat.say(said)
    code = phone.ask_code(chat)
    wrong = confirm(texting, chat, another(code))
    assert (wrong.status, wrong.json["error"]["code"]) == (422, "wrong_code")
    thief = texting.patient()
    taken = confirm(texting, thief, code)
    assert (taken.status, taken.json["error"]["code"]) == (409, "no_code")
    assert reference not in phone.write("am I booked?")
    heard = phone.write("Robin")
    assert "phone number or email" not in heard
    # Nor does the request leave the chat.
    assert "phone number or email" in chat.say("Robin").text


def test_a_code_dies_after_five_wrong_tries_and_by_a_new_one(
    texting: Server, chat: Patient, phone: Texter
) -> None:
    chat.say("does it hurt?")
    first = phone.ask_code(chat)
    codes = [confirm(texting, chat, another(first)).json["error"]["code"] for _ in range(5)]
    assert codes == ["wrong_code"] * 4 + ["code_spent"]
    assert confirm(texting, chat, first).json["error"]["code"] == "code_spent"
    second = phone.ask_code(chat)
    third = phone.ask_code(chat)
    if second != third:
        assert confirm(texting, chat, second).json["error"]["code"] == "wrong_code"
    fourth = go_on(texting, chat, phone.number)
    assert (fourth.status, fourth.json["error"]["code"]) == (429, "too_many_codes")
    assert int(fourth.headers["retry-after"]) > 60
    assert confirm(texting, chat, third).status == 200
    # The same code again is the same proof: nothing more is sent.
    again = confirm(texting, chat, third)
    assert (again.status, again.json) == (200, {"linked": True, "messages": []})
    phone.write("does it hurt?")
    assert len([text for text in phone.texts if "confirmed" in text]) == 1


def test_erasing_by_phone_reaches_the_chat_and_exporting_shows_no_code(
    texting: Server, chat: Patient, phone: Texter
) -> None:
    book(chat, "Robin Erased")
    phone.prove(chat)
    phone.write("does it hurt?")
    exported = run_bot(texting.env, "patient", "export", phone.number)
    sections = json.loads(exported.stdout)
    assert "Robin Erased" in exported.stdout.decode()
    bodies = [letter["body"] for letter in sections["outbox"]]
    assert [body for body in bodies if body.startswith("****** is your code")]
    code = next(text[:6] for text in phone.texts if "is your code" in text)
    assert code not in exported.stdout.decode()
    erased = run_bot(texting.env, "patient", "erase", phone.number)
    assert erased.returncode == 0, erased.stderr.decode()
    assert chat.history() == []
    assert "Robin Erased" not in [booking["name"] for booking in texting.bookings()]


def test_no_code_is_in_the_log(texting: Server, phones: ProviderFake) -> None:
    sent = [sent.text[:6] for sent in phones.sent if "is your code" in sent.text]
    assert sent
    log = texting.log.read_text(encoding="utf-8", errors="replace")
    assert [code for code in sent if code in log] == []
