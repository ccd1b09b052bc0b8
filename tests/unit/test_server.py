from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.guard.refusals import TooFast
from bot.server import _web
from bot.settings import Settings


async def test_codes_and_messages_of_a_chat_are_counted_together() -> None:
    settings = Settings(secret_key="s" * 40, rate_limit="2/minute")  # type: ignore[call-arg]
    parts: Any = SimpleNamespace(settings=settings, inbox=None, outbox=None, handoffs=None)
    some: Any = SimpleNamespace(thumbs=None, call=None)
    web = _web(parts, some, some, some, some)
    assert web._continuing is not None
    await web._message_rate.spend("web:chat")
    await web._continuing._rate.spend("web:chat")
    with pytest.raises(TooFast):
        await web._message_rate.spend("web:chat")
