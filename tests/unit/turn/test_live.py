"""The model is changed while conversations run: none is lost, none is answered by halves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from bot.content import CardLibrary, ClinicProfile
from bot.safety import Gate
from bot.settings import ROOT, Settings
from bot.storage.alerts import AlertRepository
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.migrate import migrate
from bot.turn.assistant import Assistant
from bot.turn.before import NOTHING, Before
from bot.turn.intake import Intake
from bot.turn.live import LiveTurn
from bot.turn.locks import ConversationLocks
from bot.turn.parse_data import forced
from bot.turn.turn import Turn

SETTINGS = Settings.from_env({})
LIBRARY = CardLibrary.load(SETTINGS.answers_dir, ClinicProfile.load(SETTINGS.clinic_profile))
GATE = Gate.load(ROOT / "data" / "safety")
CONVERSATIONS, MESSAGES = 50, 6


class Model:
    """Says which model understood and which one answered."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def parse(self, text: str) -> dict[str, Any]:
        await asyncio.sleep(0.002)
        return {**forced(text, "faq/does_it_hurt"), "by": self.name}

    async def before(self, conversation_id: str) -> Before:
        return NOTHING

    async def said_to(self, conversation_id: str, message_id: str) -> list[dict[str, Any]]:
        return []

    async def respond(
        self, conversation_id: str, channel: str, text: str, parsed: dict[str, Any], message_id: str
    ) -> list[dict[str, Any]]:
        await asyncio.sleep(0.005)
        said = f"{parsed['by']}+{self.name}: {text}"
        return [{"text": said, "answer_ids": ["faq/does_it_hurt"], "outcome": "answer"}]


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = Database("sqlite://")
    await migrate(opened)
    yield opened
    await opened.close()


def turn_of(name: str, database: Database) -> Turn:
    model = cast(Assistant, Model(name))
    return Turn(model, LIBRARY, GATE, AlertRepository(database), 10.0)


async def test_fifty_conversations_go_on_through_a_promotion(database: Database) -> None:
    live = LiveTurn(turn_of("old", database))
    intake = Intake(InboxRepository(database), live, ConversationLocks())
    said: list[tuple[int, int, str]] = []

    async def talk(number: int) -> None:
        for message in range(MESSAGES):
            text = f"message {message} of {number}"
            replies = await intake.handle("web", f"web:{number}", f"m{message}", text)
            said.append((number, message, replies[0]["text"]))

    async def promote() -> None:
        while len(said) < CONVERSATIONS:
            await asyncio.sleep(0)
        live.use(turn_of("new", database))

    await asyncio.gather(promote(), *(talk(number) for number in range(CONVERSATIONS)))
    assert len(said) == CONVERSATIONS * MESSAGES
    models = {}
    for number, message, text in said:
        by, _, rest = text.partition(": ")
        assert rest == f"message {message} of {number}"
        models[number, message] = by
    assert set(models.values()) == {"old+old", "new+new"}, "no turn is answered by halves"
    for number in range(CONVERSATIONS):
        mine = [models[number, message] for message in range(MESSAGES)]
        assert mine == sorted(mine, reverse=True), "once promoted, it stays"
        assert mine[-1] == "new+new"


async def test_warnings_and_apologies_are_the_present_models(database: Database) -> None:
    live = LiveTurn(turn_of("old", database))
    warning = live.warning_only("web", "i have crushing chest pain")
    assert warning
    assert warning.outcome == "emergency"
    assert await live.warning("web", "i have crushing chest pain") == warning
    assert live.warning_only("web", "does it hurt") is None
    assert live.apology("web") == turn_of("new", database).apology("web")
