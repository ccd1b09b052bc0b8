"""docs/settings.md lists every setting with its default, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings

PAGE = ROOT / "docs" / "settings.md"
ROW = re.compile(r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>[^|]+) \| (?P<meaning>[^|]+) \|$", re.M)
ROWS = {row["name"]: row for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))}


def as_documented(default: object) -> str:
    """A default as the page writes it: folders of the project are given from its root."""
    if default is None or default == ():
        return "unset"
    if isinstance(default, Path):
        return f"`{default.relative_to(ROOT).as_posix()}`"
    return f"`{str(default).replace(f'{ROOT}/', '')}`"


def test_the_page_and_the_settings_name_the_same() -> None:
    assert set(ROWS) == {name.upper() for name in Settings.__fields__}


@pytest.mark.parametrize("name", sorted(Settings.__fields__))
def test_the_default_is_the_one_in_the_code(name: str) -> None:
    assert ROWS[name.upper()]["default"].strip() == as_documented(Settings.__fields__[name].default)


@pytest.mark.parametrize("name", sorted(Settings.__fields__))
def test_every_setting_says_in_the_code_what_it_means(name: str) -> None:
    assert Settings.__fields__[name].field_info.description
