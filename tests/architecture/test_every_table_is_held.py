"""Every table says whose its rows are, and how they end: by an erasure, a window, or a reason."""

from __future__ import annotations

import re

import pytest

from bot.privacy.retention import WINDOWS
from bot.settings import ROOT, Settings
from bot.storage.holdings import HOLDINGS, Holding, NotPersonal, personal
from bot.storage.tables import metadata

PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
NAMES = [holding.table.name for holding in HOLDINGS]
A_SENTENCE = re.compile(r"\w.{10,}\.$")
PERSONAL = [pytest.param(holding, id=holding.table.name) for holding in personal()]


def test_every_table_is_declared_once() -> None:
    assert sorted(NAMES) == sorted(metadata.tables), (
        "Give a new table its line in bot/storage/holdings.py: whose its rows are, how long they "
        "stay; or why it holds nothing on patients."
    )


@pytest.mark.parametrize("holding", [h for h in HOLDINGS if isinstance(h, NotPersonal)])
def test_what_is_not_personal_says_why(holding: NotPersonal) -> None:
    assert A_SENTENCE.match(holding.reason)


@pytest.mark.parametrize("holding", PERSONAL)
def test_every_row_ends(holding: Holding) -> None:
    if holding.goes_with is not None:
        (key,) = holding.table.foreign_keys
        assert (key.column.table.name, key.ondelete) == (holding.goes_with, "CASCADE")
        assert (holding.window, holding.is_old) == (None, None)
    elif holding.window is not None:
        assert holding.window in WINDOWS
        assert holding.is_old is not None
    else:
        assert holding.kept, "Without a window the rows stay for ever: say why."
    assert not holding.kept or A_SENTENCE.match(holding.kept)


@pytest.mark.parametrize("holding", PERSONAL)
def test_every_column_of_the_declaration_exists(holding: Holding) -> None:
    assert set(holding.table.columns.keys()) >= {*holding.hidden, *holding.shown}
    assert len(holding.table.primary_key) == 1, "The purge goes by one key."


def test_the_inbox_comes_first_and_parents_after_their_children() -> None:
    assert NAMES[0] == "inbox"
    for holding in personal():
        if holding.goes_with:
            assert NAMES.index(holding.table.name) < NAMES.index(holding.goes_with)


@pytest.mark.parametrize("window", WINDOWS)
def test_every_window_has_a_setting_a_use_and_a_reason(window: str) -> None:
    setting = f"retain_{window}_days"
    assert setting in Settings.__fields__
    assert window in {holding.window for holding in personal()}
    assert f"`{setting.upper()}`" in PAGE


@pytest.mark.parametrize("name", NAMES)
def test_the_page_on_privacy_names_every_table(name: str) -> None:
    assert f"`{name}`" in PAGE
