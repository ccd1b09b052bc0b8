"""What several test folders share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.runtime import prepare

ROOT = Path(__file__).resolve().parent.parent
prepare(ROOT / "var" / "cache", "ERROR")
TOGETHER = ROOT / "tests" / "e2e"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tells processes that share the tests which belong together.

    Those of one file share what its fixtures make, and the end-to-end tests one server.
    """
    for item in items:
        group = TOGETHER if TOGETHER in item.path.parents else item.path
        item.add_marker(pytest.mark.xdist_group(str(group.relative_to(ROOT))))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT
