from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.desk import Desk, open_desk

from bot.storage.migrate import migrate


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """All three channels over SQLite, with short waits between attempts to send."""
    monkeypatch.setattr("bot.outbox.dispatcher.FIRST_WAIT", timedelta(seconds=0.05))
    monkeypatch.setattr("bot.outbox.office.LOOK_SECONDS", 0.05)
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    await migrate(url)
    async with open_desk(url) as opened:
        yield opened
