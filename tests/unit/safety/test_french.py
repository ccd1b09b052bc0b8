"""The French tables: their examples, a list beside this file, and what they leave to English."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from bot.errors import SettingError
from bot.safety import Gate, Level

from .conftest import TABLES

HERE = Path(__file__).parent
GATE = Gate.load(TABLES)
FRENCH = GATE.tables["French"]
LISTED = yaml.safe_load((HERE / "french.yml").read_text(encoding="utf-8"))
RAISING = [(level, text) for level, texts in LISTED["red_flags"].items() for text in texts]
HARMLESS = [(reason, text) for reason, texts in LISTED["harmless"].items() for text in texts]


def test_each_english_sign_has_a_french_row_with_its_level_and_source() -> None:
    rows = [{s.id: (s.level, s.title, s.source) for s in GATE.tables[name]} for name in GATE.tables]
    assert rows[0] == rows[1]


def test_each_file_holds_one_level() -> None:
    for level in Level:
        text = (TABLES / "french" / f"{level.value}.yml").read_text(encoding="utf-8")
        assert set(re.findall(r"^    level: (\w+)$", text, re.M)) == {level.value}


@pytest.mark.parametrize("text", [text for sign in FRENCH for text in sign.positive])
def test_a_positive_example_is_read_as_french(text: str) -> None:
    found = GATE.check(text)
    assert (found.language, found.remainder) == ("fr", "")


@pytest.mark.parametrize(("level", "text"), RAISING)
def test_a_red_flag_raises_its_level(level: str, text: str) -> None:
    found = GATE.check(text)
    assert Level(level) in {flag.level for flag in found.flags}
    assert found.language == "fr"


@pytest.mark.parametrize(("reason", "text"), HARMLESS)
def test_a_look_alike_raises_nothing(reason: str, text: str) -> None:
    assert GATE.check(text).flags == (), reason


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        ("J'ai mal à la poitrine", "chest_pain"),
        ("J’ai mal à la poitrine", "chest_pain"),
        ("j ai mal a la poitrine", "chest_pain"),
        ("jai mal a la poitrine", "chest_pain"),
        ("JAI MAL DANS POITRINE", "chest_pain"),
        ("jai mal a la poitrinne", "chest_pain"),
        ("g mal a la poitrine", "chest_pain"),
        ("mal au cœur qui serre, le cœur me serre", "chest_pain"),
        ("jarrive pu a uriner", "cannot_pass_urine"),
        ("je n'arrive plus à uriner", "cannot_pass_urine"),
        ("chu pu capable d'uriner", "cannot_pass_urine"),
        ("jpeu pas uriner", "cannot_pass_urine"),
        ("je veux mourrir", "suicidal_thoughts"),
        ("jveux m'suicider", "suicidal_thoughts"),
    ],
)
def test_accents_apostrophes_shorthand_and_slips_are_read(written: str, sign: str) -> None:
    assert sign in {flag.sign for flag in GATE.check(written).flags}


def test_a_flag_points_at_its_words_in_the_raw_text() -> None:
    text = "Allô 👋 j’ai très mal à la poitrine, c’est normal?"
    (flag,) = GATE.check(text).flags
    assert text[flag.start : flag.end] == "mal à la poitrine"


@pytest.mark.parametrize(
    ("text", "level", "language"),
    [
        ("i have chest pain", Level.EMERGENCY, "en"),
        ("hi how much is a session, j'ai mal à la poitrine", Level.EMERGENCY, "en"),
        ("bonjour, j'ai chest pain depuis ce matin", Level.EMERGENCY, "fr"),
        ("suicide", Level.CRISIS, "en"),
        ("je pense au suicide", Level.CRISIS, "fr"),
        ("pas de suicide, pas d'idées noires", None, "fr"),
        ("no incontinence, is that deja vu", None, "en"),
        ("my chat with the client about the course was brutal", None, "en"),
    ],
)
def test_each_language_reads_what_is_its_own(text: str, level: Level | None, language: str) -> None:
    found = GATE.check(text)
    assert (found.level, found.language) == (level, language)


def test_doubts_about_a_french_message_are_those_of_the_french_tables() -> None:
    assert GATE.check("je n'ai pas de fièvre et j'ai mal au dos").weighed
    assert not GATE.check("je voudrais un rendez-vous").weighed


def test_the_marks_must_be_there(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "safety")
    (tmp_path / "safety" / "french" / "marks.yml").unlink()
    with pytest.raises(SettingError, match=r"marks\.yml is missing"):
        Gate.load(tmp_path / "safety")


def test_the_lists_are_as_large_as_promised_and_share_nothing() -> None:
    raising = {text for sign in FRENCH for text in sign.positive} | {text for _, text in RAISING}
    harmless = {text for sign in FRENCH for text in sign.negative} | {t for _, t in HARMLESS}
    assert len(raising) >= 200
    assert len(harmless) >= 180
    assert raising.isdisjoint(harmless)
