"""A part of the real turn breaks: a warning all the same, at once before staff, on every channel.

The database is broken under a running server in ``tests/e2e/test_broken_database.py``, a separate
action server in ``tests/e2e/test_action_server.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

import bot.turn.turn
from bot.turn.assistant import Assistant
from faults.clinic import CHANNELS, Clinic

FLAGGED = {
    "emergency": "how much is it, also i have crushing chest pain",
    "urgent": "my left foot drags since monday, do you bill blue cross",
    "crisis": "please cancel everything, i want to kill myself",
}
STATES = {
    "first": [],
    "form": ["I would like to book", "weekday mornings"],
    "handoff": ["can I talk to a real person please"],
}
_names = count()


async def _fails(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("broken for the test")


async def _hangs(*args: Any, **kwargs: Any) -> Any:
    await asyncio.sleep(3600)


BREAKS = {
    "model": [(Assistant, "parse")],
    "rules": [(Assistant, "respond")],
    "actions": [(ActionExecutor, "run")],
    "all of them": [(Assistant, "parse"), (Assistant, "respond"), (ActionExecutor, "run")],
}
HOW = {"fails": _fails, "hangs": _hangs}
BROKEN = [(part, how) for part in BREAKS for how in HOW]


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A warning that waits hardly at all for what could be added."""
    monkeypatch.setattr(bot.turn.turn, "FLAGGED_DEADLINE", 0.2)
    yield


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("broken", BROKEN, ids=" ".join)
def test_a_broken_part_silences_no_warning(
    clinic: Clinic,
    monkeypatch: pytest.MonkeyPatch,
    broken: tuple[str, str],
    state: str,
    channel: str,
) -> None:
    part, how = broken
    talk = f"{channel}:broken{next(_names)}"
    for text in STATES[state]:
        clinic.say(channel, talk, text)
    with monkeypatch.context() as patch:
        for owner, name in BREAKS[part]:
            patch.setattr(owner, name, HOW[how])
        for level, text in FLAGGED.items():
            said = clinic.say(channel, talk, text)
            assert said[0]["text"] == clinic.library.render(f"safety/{level}", channel).text
    assert {level for kind, level in clinic.alerts(talk) if kind == "red_flag"} == set(FLAGGED)
    assert "faq/does_it_hurt" in {
        topic for said in clinic.say(channel, talk, "does it hurt?") for topic in said["answer_ids"]
    }, "it goes on by itself"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("state", STATES)
def test_what_was_asked_beside_it_is_answered_after_it(
    clinic: Clinic, state: str, channel: str
) -> None:
    talk = f"{channel}:whole{next(_names)}"
    for text in STATES[state]:
        clinic.say(channel, talk, text)
    said = clinic.say(channel, talk, FLAGGED["emergency"])
    assert said[0]["text"] == clinic.library.render("safety/emergency", channel).text
    assert "clinic/fees" in said[1]["answer_ids"]
