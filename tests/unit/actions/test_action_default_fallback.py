from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from action_desk import Desk

pytest_plugins = ["action_desk"]


async def test_it_declines_and_takes_the_message_back(desk: Desk) -> None:
    declined = await desk.run("action_decline", outcome="decline")
    done = await desk.run("action_default_fallback", outcome="decline")
    assert done.messages == declined.messages
    assert [event["event"] for event in done.events] == ["rewind"]
