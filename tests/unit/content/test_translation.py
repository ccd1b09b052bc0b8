from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.cli import main
from bot.content.card import AnswerCard
from bot.content.card_file import awaiting_approval
from bot.content.gsm7 import gsm7_length, outside_gsm7
from bot.content.library import CardLibrary
from bot.content.profile import ClinicProfile
from bot.content.topics import IN_FRENCH
from bot.settings import ROOT

from .conftest import Content, make_card

FACTS = {"phone": "780-555-0142", "emergency": "911"}
FRENCH = {"web": "Appelez le {phone}.", "sms": "Clinique: {phone}.", "to_be_approved": True}
LONG = "Cette phrase a quarante lettres environ. "


def card(**french: Any) -> AnswerCard:
    return AnswerCard(**make_card("other/clarify", fr={**FRENCH, **french}))


def test_says_either_language_or_both() -> None:
    said = card()

    assert said.text("web", FACTS) == "A short answer."
    assert said.text("messenger", FACTS, "fr") == "Appelez le 780-555-0142."
    assert said.text("sms", FACTS, "fr") == "Clinique: 780-555-0142."
    assert said.text("sms", FACTS, "both") == "A short answer. Clinique: 780-555-0142."


def test_english_stands_in_where_there_is_no_french() -> None:
    assert AnswerCard(**make_card("other/clarify")).text("web", FACTS, "fr") == "A short answer."


def test_wording_is_approved_or_marked_as_not() -> None:
    by = {"approved_by": "Example approval", "approved_on": date(2026, 11, 1)}

    assert awaiting_approval([card()]) == [
        "French wording of other/clarify awaits the clinic's approval."
    ]
    assert awaiting_approval([card(to_be_approved=False, **by)]) == []
    for both_or_neither in ({"to_be_approved": False}, by):
        with pytest.raises(ValueError, match="give either to_be_approved"):
            card(**both_or_neither)


@pytest.mark.parametrize(
    ("topic", "french", "fault"),
    [
        ("safety/emergency", ..., "has no French wording"),
        ("other/english_only", ..., "has no French wording"),
        ("safety/emergency", {"web": "Restez calme. Appelez le {emergency}."}, "start with"),
        ("safety/emergency", {"sms": "Appelez."}, "start with {emergency}"),
        ("safety/emergency", {"sms": "Appelez le {emergency}, même vous."}, "lacks: ê"),
        ("safety/emergency", {"sms": "Le {emergency}. " + LONG * 8}, "sms text has 3"),
        ("safety/emergency", {"web": "Le {emergency}: {hours}."}, "can be unset"),
        # Both languages go out as one message.
        ("other/english_only", {"sms": LONG * 7 + "Appelez le {phone}."}, "sms text has 3"),
    ],
)
def test_each_fault_of_the_french_is_found(
    content: Content, topic: str, french: Any, fault: str
) -> None:
    base = {"web": "Le {emergency}.", "sms": "Le {emergency}.", "to_be_approved": True}
    content.spoil(topic, fr=french if french is ... else {**base, **french})

    faults = [problem.fault for problem in content.problems() if problem.card == topic]

    assert any(fault in found for found in faults), faults


@pytest.mark.parametrize("topic", sorted(IN_FRENCH))
def test_the_shipped_french_fits_a_text_message(topic: str) -> None:
    profile = ClinicProfile.load(ROOT / "data" / "clinic" / "demo.yml")
    library = CardLibrary.load(ROOT / "data" / "answers", profile)
    text = library.render(topic, "sms", "fr").text

    assert text != library.render(topic, "sms").text
    assert gsm7_length(text) <= 320
    assert outside_gsm7(text) == ""


def test_the_command_tells_what_awaits_approval_and_succeeds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["content", "check"]) == 0
    assert "French wording of safety/emergency awaits" in capsys.readouterr().out
