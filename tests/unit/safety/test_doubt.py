"""Where the tables raise a flag and doubt it; see ``bot.safety.doubt``."""

from __future__ import annotations

import pytest

from bot.safety import Gate

DOUBTFUL = (
    "My grandfather passed out at each of his weddings, three of them, and we all laughed "
    "about it at each Christmas dinner that I remember.",
    "Should I worry that my dad is short of breath on the stairs?",
    "If somebody on the table has chest pain, who does what? I write the plan for our daycare.",
)
SURE = (
    "chest pain",
    "I can't feel my legs.",
    "My husband collapsed and he isn't waking up. How much is a visit?",
    "Read about disc trouble last year. Since this morning I can't pee.",
    "I have a fever and back pain again, what does a visit cost?",
    "That article about cauda equina is exactly what I have, numb between the legs. Is it bad?",
)
SELF_HARM = (
    "Is it true that people get better, I want to kill myself",
    "I read a book last year and since then I want to die, do you treat that?",
)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_flag_in_a_story_or_a_question_is_doubtful(gate: Gate, text: str) -> None:
    found = gate.check(text)
    assert found.level is not None
    assert found.is_doubtful


@pytest.mark.parametrize("text", [*SURE, *SELF_HARM])
def test_a_plain_complaint_and_self_harm_never_are(gate: Gate, text: str) -> None:
    found = gate.check(text)
    assert found.level is not None
    assert not found.is_doubtful


def test_one_plain_flag_makes_the_whole_message_sure(gate: Gate) -> None:
    story = "A patient on my old ward had a stroke last year."
    assert not gate.check(f"{story} I have chest pain now.").is_doubtful


def test_a_french_flag_is_never_doubtful(gate: Gate) -> None:
    found = gate.check("j'ai mal à la poitrine, est-ce que c'est grave?")
    assert found.level is not None
    assert not found.is_doubtful


def test_no_flag_no_doubt(gate: Gate) -> None:
    assert not gate.check("I read about needles last year. Do they hurt?").is_doubtful
