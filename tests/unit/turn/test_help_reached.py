from __future__ import annotations

import pytest

from bot.turn.help_reached import help_is_there, is_at_once


@pytest.mark.parametrize(
    "text",
    [
        "im at the hospital now thanks",
        "ok called 911, they are coming",
        "my doctor saw me today",
        "i called",
        "I’m in the ER",
        "heading to the hospital now",
        "ambulance is on the way",
        "i saw my doctor, he said its fine",
        "I called Health Link 811 and a nurse helped",
        "i talked to 988 thanks",
        "my husband called an ambulance",
    ],
)
def test_help_that_is_there_is_heard_of(text: str) -> None:
    assert help_is_there(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "je suis à l'hôpital merci",
        "j’ai appelé le 911",
        "l'ambulance s'en vient",
        "j'ai vu mon médecin aujourd'hui",
    ],
)
def test_it_is_heard_of_in_french(text: str) -> None:
    assert help_is_there(text) == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "i called my mom",
        "i called 911 but nobody came",
        "i can't call 911",
        "should i go to the er",
        "are they coming?",
        "my doctor saw me last year",
        "i work at the hospital",
        "is there parking at the hospital",
        "i saw my doctor and it got worse",
        "je ne veux pas aller à l'hôpital",
        "j'ai appelé le 911 mais personne ne vient",
        "thanks",
        "i called 911 " + "and then " * 20,
        "",
    ],
)
def test_what_leaves_it_open_is_not(text: str) -> None:
    assert help_is_there(text) is None


@pytest.mark.parametrize(
    ("text", "at_once"),
    [
        ("ok called 911, they are coming", True),
        ("im at the hospital now thanks", True),
        ("I’m in the ER", True),
        ("je suis à l'hôpital merci", True),
        ("my doctor saw me today", False),
        ("i talked to 988 thanks", False),
        ("I called Health Link 811 and a nurse helped", False),
        ("j'ai vu mon médecin aujourd'hui", False),
    ],
)
def test_an_emergency_needs_more_than_a_doctors_visit(text: str, at_once: bool) -> None:
    assert help_is_there(text)
    assert is_at_once(text) is at_once
