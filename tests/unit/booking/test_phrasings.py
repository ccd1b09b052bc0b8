from __future__ import annotations

import pytest

from .phrasings import PAGE, Phrasing, page_with, phrasings, table, understood

ROWS = phrasings()


@pytest.mark.parametrize("phrasing", ROWS, ids=lambda p: p.text[:40])
def test_a_real_phrasing_is_understood(phrasing: Phrasing) -> None:
    assert understood(phrasing) == phrasing.expect


def test_there_are_sixty_of_them() -> None:
    assert len({phrasing.text for phrasing in ROWS}) == 60


def test_the_page_shows_what_the_code_understands() -> None:
    """Rewrite it with `python -m tests.unit.booking.phrasings --write`."""
    assert PAGE.read_text(encoding="utf-8") == page_with(table())
