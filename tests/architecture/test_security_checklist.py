"""docs/security.md names tests that are there."""

from __future__ import annotations

import re

import pytest

from bot.settings import ROOT

PAGE = ROOT / "docs" / "security.md"
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE.read_text(encoding="utf-8"))


def test_the_checklist_is_one() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    items = [row for row in rows if not row.startswith("| item")]
    assert len(items) == len(NAMED) >= 40


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: part)
def test_each_item_is_shown_by_a_test(path: str, name: str) -> None:
    assert re.search(rf"def {name}\(", (ROOT / path).read_text(encoding="utf-8"))
