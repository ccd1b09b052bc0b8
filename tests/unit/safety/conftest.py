from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety import Gate

TABLES = Path(__file__).resolve().parents[3] / "data" / "safety"


@pytest.fixture(scope="session")
def gate() -> Gate:
    return Gate.load(TABLES)
