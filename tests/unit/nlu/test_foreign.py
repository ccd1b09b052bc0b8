from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.foreign import ENGLISH, UNKNOWN, Languages, learn_words
from bot.settings import ROOT

TRAINING = ROOT / "data" / "nlu"
EVALUATION = ROOT / "tests" / "nlu"
# Of English messages at most this share may be taken for another language; of the others at most
# so many may be missed.
FALSE_SHARE, MISSED_SHARE = 0.002, 0.02


def _examples() -> list[str]:
    entries = (
        e for p in sorted(TRAINING.glob("*.yml")) for e in yaml.safe_load(p.read_text())["nlu"]
    )
    in_scope = (entry for entry in entries if entry["intent"] != "other/out_of_scope")
    return [line[2:] for entry in in_scope for line in entry["examples"].splitlines()]


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (EVALUATION / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages(learn_words(_examples()))


def test_most_messages_in_other_languages_are_found(languages: Languages) -> None:
    rows = [row for row in _rows("languages.jsonl") if row["language"] != ENGLISH]
    missed = [row["text"] for row in rows if languages.read(row["text"]).code == ENGLISH]
    assert len(rows) >= 150
    assert len({row["language"] for row in rows}) >= 20
    assert len(missed) <= MISSED_SHARE * len(rows), missed


def test_english_with_foreign_names_and_greetings_stays_english(languages: Languages) -> None:
    rows = [row for row in _rows("languages.jsonl") if row["language"] == ENGLISH]
    assert len(rows) >= 80
    assert [row["text"] for row in rows if languages.read(row["text"]).code != ENGLISH] == []


def test_english_messages_about_the_topics_stay_english(languages: Languages) -> None:
    names = ("first_message", "two_questions", "safety", "safety_benign", "follow_ups")
    texts = [row["text"] for name in names for row in _rows(f"{name}.jsonl")]
    taken = [text for text in texts if languages.read(text).code != ENGLISH]
    assert len(taken) <= FALSE_SHARE * len(texts), taken


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("针灸疼吗", "zh"),
        ("где клиника", "ru"),
        ("ਕਲੀਨਿਕ ਕਿੱਥੇ ਹੈ", "pa"),
        ("où stationner près d'ici", "fr"),
        ("combien coûte une séance", "fr"),
        ("ich möchte einen termin vereinbaren", "de"),
        ("COMBIEN COÛTE UNE SÉANCE", "fr"),
    ],
)
def test_another_language_is_named(languages: Languages, text: str, code: str) -> None:
    found = languages.read(text)
    assert found.code == code
    assert found.is_certain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?!",
        "😀😀",
        "7",
        "疼",
        "ok",
        "merci",
        "hw mch s it",
        "does it hurt 针灸",
        "is Gurpreet Kaur Dhaliwal the practitioner",
        "bonjour, how much is a visit",
        "ｄｏｅｓ ｉｔ ｈｕｒｔ",
        "\u202edoes it hurt",
        "(´・ω・`)",
    ],
)
def test_what_is_short_mixed_or_signs_is_english(languages: Languages, text: str) -> None:
    assert languages.read(text).code == ENGLISH


def test_a_thin_guess_is_no_certainty(languages: Languages) -> None:
    found = languages.read("conjugate the verb etre")
    assert found.code != ENGLISH
    assert not found.is_certain


def test_a_script_without_a_known_language_is_still_another() -> None:
    assert Languages(()).read("ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾ").code == UNKNOWN


def test_words_of_other_languages_are_not_learned() -> None:
    words = learn_words(
        ["needles in my back", "needles hurt", "are needles clean"]
        + ["combien coûte une séance"] * 3
    )
    assert words == ["needles"]


@given(st.text(st.characters(), max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    assert Languages(()).read(text).code
