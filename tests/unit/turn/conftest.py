"""A turn with the shipped words and red flags, and a stand-in for Rasa that can break."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.content import CardLibrary, ClinicProfile
from bot.nlu.abstention import DECISION
from bot.nlu.decision import SAFETY_GROUP, SUSPICION, group
from bot.safety import Gate
from bot.settings import Settings
from bot.storage.alerts import AlertRepository
from bot.turn.assistant import Assistant
from bot.turn.before import NOTHING, Before
from bot.turn.parse_data import forced, ranked
from bot.turn.turn import Turn

DEADLINE = 5.0


@dataclass
class FakeRasa:
    """Understands everything as one topic and says one thing; or fails as a test asks."""

    topic: str = "faq/does_it_hurt"
    says: list[dict[str, Any]] = field(default_factory=lambda: [_said("Very little.")])
    parse_error: Exception | None = None
    respond_error: Exception | None = None
    hangs: bool = False
    said: Before = NOTHING
    language: str = "en"
    confidence: float = 1.0
    suspicion: dict[str, Any] | None = None
    recalled: list[str] = field(default_factory=list)
    rankings: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    parsed: list[str] = field(default_factory=list)
    said_before: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str, str, dict[str, Any], str]] = field(default_factory=list)

    async def parse(self, text: str) -> dict[str, Any]:
        self.parsed.append(text)
        if self.parse_error is not None:
            raise self.parse_error
        if text in self.rankings:
            best = self.rankings[text][0][0]
            if group(best) == SAFETY_GROUP:
                rows = [{"name": n, "confidence": p} for n, p in self.rankings[text]]
                return {**forced(text, best), "intent_ranking": rows}
            return ranked({"text": text, "entities": []}, self.rankings[text])
        parsed = forced(text, self.topic)
        decision = {**parsed[DECISION], "confidence": self.confidence}
        return {
            **parsed,
            DECISION: decision,
            "language": self.language,
            **({} if self.suspicion is None else {SUSPICION: self.suspicion}),
        }

    async def before(self, conversation_id: str) -> Before:
        self.recalled.append(conversation_id)
        return self.said

    async def said_to(self, conversation_id: str, message_id: str) -> list[dict[str, Any]]:
        return self.said_before

    async def respond(
        self, conversation_id: str, channel: str, text: str, parsed: dict[str, Any], message_id: str
    ) -> list[dict[str, Any]]:
        self.calls.append((conversation_id, channel, text, parsed, message_id))
        if self.hangs:
            await asyncio.Event().wait()
        if self.respond_error is not None:
            raise self.respond_error
        return self.says


def _said(text: str, topic: str = "faq/does_it_hurt") -> dict[str, Any]:
    return {"text": text, "answer_ids": [topic], "outcome": "answer", "buttons": [], "source": "s"}


@dataclass
class FakeAlerts:
    """Keeps alerts in a list, or fails."""

    error: Exception | None = None
    hangs: bool = False
    raised: list[tuple[str, str, str, str]] = field(default_factory=list)

    async def add(self, kind: str, level: str, sign: str, conversation_id: str) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        self.raised.append((kind, level, sign, conversation_id))


@pytest.fixture(scope="session")
def library() -> CardLibrary:
    settings = Settings.from_env({})
    return CardLibrary.load(settings.answers_dir, ClinicProfile.load(settings.clinic_profile))


@pytest.fixture(scope="session")
def gate() -> Gate:
    return Gate.load(Settings.from_env({}).safety_dir)


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def alerts() -> FakeAlerts:
    return FakeAlerts()


@pytest.fixture
def turn(rasa: FakeRasa, alerts: FakeAlerts, library: CardLibrary, gate: Gate) -> Turn:
    assistant, repository = cast(Assistant, rasa), cast(AlertRepository, alerts)
    return Turn(assistant, library, gate, repository, DEADLINE)
