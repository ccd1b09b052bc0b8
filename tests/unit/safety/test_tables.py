from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.safety import Gate, Level, render_table

from .conftest import TABLES


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(TABLES, tmp_path / "safety")
    return tmp_path / "safety"


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_each_file_holds_one_level(gate: Gate) -> None:
    for level in Level:
        text = (TABLES / f"{level.value}.yml").read_text(encoding="utf-8")
        assert set(re.findall(r"^    level: (\w+)$", text, re.M)) == {level.value}


def test_each_source_names_a_year(gate: Gate) -> None:
    assert [sign.id for sign in gate.signs if not re.search(r"(?:19|20)\d\d", sign.source)] == []


def test_the_sign_off_table_shows_every_sign_with_its_source_and_examples(gate: Gate) -> None:
    table = render_table(gate)
    for sign in gate.signs:
        for shown in (sign.title, sign.source, *sign.patterns, *sign.positive, *sign.negative):
            assert shown in table


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "urgent.yml").unlink()
    with pytest.raises(SettingError, match=r"urgent\.yml is missing.*SAFETY_DIR"):
        Gate.load(copy)


def test_broken_yaml_is_named(copy: Path) -> None:
    (copy / "crisis.yml").write_text("signs: [", encoding="utf-8")
    with pytest.raises(SettingError, match=r"crisis\.yml is not valid YAML"):
        Gate.load(copy)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{soiled} {self}", "{soild} {self}", "{soild}, which is not in concepts"),
        ("{soiled} {self}", "pee!", "not plain letters"),
        ("{soiled} {self}", "my", "empty part"),
        ("{soiled} {self}", "the|pee", "small word"),
        ("level: emergency", "level: severe", "emergency.yml is wrong"),
        ("title: New", "titel: New", "emergency.yml is wrong"),
        ("id: cannot_pass_urine", "id: saddle_numbness", "stand twice"),
        ("since having|birth|childbirth", "having & birth", "may not hold"),
        ("since having|birth|childbirth", "birth|a_day", "'a_day' is read as one word"),
    ],
)
def test_a_wrong_row_is_explained(copy: Path, old: str, new: str, message: str) -> None:
    _replace(copy / "emergency.yml", old, new)
    with pytest.raises(SettingError, match=message):
        Gate.load(copy)


def test_a_sign_without_examples_is_refused(copy: Path) -> None:
    text = (copy / "crisis.yml").read_text(encoding="utf-8")
    (copy / "crisis.yml").write_text(
        re.sub(r"positive:\n(      - .*\n)+", "positive: []\n", text), encoding="utf-8"
    )
    with pytest.raises(SettingError, match="at least one line"):
        Gate.load(copy)
