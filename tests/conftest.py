"""What several test folders share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.runtime import prepare

ROOT = Path(__file__).resolve().parent.parent
prepare(ROOT / "var" / "cache", "ERROR")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT
