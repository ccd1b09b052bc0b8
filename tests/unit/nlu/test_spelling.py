from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.spelling import Speller, learn
from bot.nlu.spelling_repair import english_words
from bot.nlu.text import normalise

EXAMPLES = [
    "does acupuncture hurt",
    "do the needles hurt",
    "is parking free",
    "does my insurance cover acupuncture",
    "can i move my appointment",
    "my appointment is tomorrow",
    "does it help with sciatica",
    "it doesn't hurt does it",
]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(learn([normalise(text) for text in EXAMPLES], english_words()))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("does acupunture hurt", "does acupuncture hurt"),
        ("does accupunctre hurt", "does acupuncture hurt"),
        ("can i move my appoinment tomorow", "can i move my appointment tomorrow"),
        ("wheres teh insurnace form", "wheres teh insurance form"),
        ("do you treat sciattica?", "do you treat sciatica?"),
        ("it dosen't matter", "it doesn't matter"),
    ],
)
def test_a_slip_is_put_right(speller: Speller, written: str, meant: str) -> None:
    assert speller.repair(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "does acupuncture hurt",
        # Spelled rightly, and rare: no neighbour was meant.
        "do you treat plagiocephaly or a neuroma",
        # Nothing is near, or several words are.
        "my name is wojciechowski",
        "is it zxqwv",
        # Addresses and mixtures are no words.
        "write to insurnace@exampel.org",
        "see www.appoinment.org",
        "room insurnace2",
        # Too short.
        "wat abt teh",
        # Another language is not turned into English.
        "bonjour j'aimerais prendre rendez-vous chez vouz demainn",
        "",
        "疼吗",
    ],
)
def test_what_is_no_slip_stays(speller: Speller, text: str) -> None:
    assert speller.repair(text) == text


def test_two_slips_are_forgiven_in_the_examples_words_alone(speller: Speller) -> None:
    assert speller.repair("the accupunctre") == "the acupuncture"
    # "mountain" is common English, and no example has it.
    assert speller.repair("the mounttainn") == "the mounttainn"
    assert speller.repair("the mountainn") == "the mountain"


@given(st.text(max_size=200))
def test_any_text_is_repaired_once_and_for_all(speller: Speller, text: str) -> None:
    repaired = speller.repair(normalise(text))
    assert len(repaired.split()) == len(normalise(text).split())


@pytest.mark.parametrize("text", ["c'est bon", "c'est tout", "j'ai", "qu'est"])
def test_french_is_no_slip_of_an_english_word(speller: Speller, text: str) -> None:
    assert speller.repair(text) == text
