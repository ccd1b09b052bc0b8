from __future__ import annotations

from typing import Any

import pytest

from bot.content import ClinicProfile
from bot.settings import ROOT, Settings
from faults.approved import Approved

SAID = ["I'd like to book", "friday am", "Robin", "780 555 0123", "sore back"]
REQUEST = (
    "Here is your request: {}. Is that right, and may the clinic text or call you at {} about it? "
    "Reply 'text', 'call' or 'no', or say what to change."
)


@pytest.fixture(scope="module")
def approved() -> Approved:
    return Approved(ROOT, ClinicProfile.load(Settings.from_env({}).clinic_profile))


def _message(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "answer_ids": [], "choices": [], "source": "", **more}


@pytest.mark.parametrize(
    "text",
    [
        "Most people feel little discomfort.",
        "Not everyone feels the same. What name should the request be under?",
        "Your request B3K-7QX (friday am) is with the clinic. It is not confirmed yet. "
        "Staff will contact you to confirm a time.",
        REQUEST.format("Robin; friday am (Friday 27 November 2026); sore back", "780-555-0123"),
        "The clinic is closed on Sundays. Please choose another day or time.",
    ],
)
def test_what_is_approved_passes(approved: Approved, text: str) -> None:
    assert list(approved.faults(_message(text), SAID)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Acupuncture cures back pain.",
        "Most people feel little discomfort. It cures.",
        "Most people feel no discomfort.",
        "A visit costs {fees}.",
        "utter_ask_booking_name",
        "Your request faq/does_it_hurt (friday am) is with the clinic. It is not confirmed yet. "
        "Staff will contact you to confirm a time.",
        REQUEST.format("Robin; friday am; a cured back", "780-555-0123"),
        REQUEST.format("Robin; friday am; sore back", "780-555-0199"),
        "The clinic is closed for good. Please choose another day or time.",
    ],
)
def test_what_is_not_approved_is_found(approved: Approved, text: str) -> None:
    assert list(approved.faults(_message(text), SAID))


@pytest.mark.parametrize(
    "more",
    [
        {"choices": [{"title": "clinic/fees", "text": "clinic/fees"}]},
        {"answer_ids": ["clinic_fees"]},
        {"source": "a friend"},
    ],
)
def test_what_goes_with_the_words_is_known_too(approved: Approved, more: dict[str, Any]) -> None:
    message = _message("Not everyone feels the same.", **more)
    assert len(list(approved.faults(message, SAID))) == 1


def test_nothing_that_is_approved_shows_the_inside(approved: Approved) -> None:
    # What a sentence is given when it is said stands in it as "<name>" here.
    whole = [sentence for sentence in approved.sentences if "<" not in sentence]
    assert len(whole) > 200
    for sentence in whole:
        assert list(approved.faults(_message(sentence), SAID)) == []
