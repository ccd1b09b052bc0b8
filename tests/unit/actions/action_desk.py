"""Runs one action as Rasa would: through the SDK's executor, on a database in memory.

This folder is no package on purpose: `actions` is the project's own package.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from bot import services
from bot.booking import BookingAccess, BookingRequest, BookingService
from bot.content import CardLibrary
from bot.services import Services, handoff_desk
from bot.settings import ROOT, Settings
from bot.storage.alerts import AlertRepository
from bot.storage.booking_tries import TryLog
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.outbox import OutboxRepository
from bot.storage.tables import metadata
from bot.storage.types import utc_now

FORM = "booking_form"
SENDER = "web:patient"


@dataclass(frozen=True)
class Done:
    """What an action did: what it said, in full words, and the events it returned."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    @property
    def message(self) -> dict[str, Any]:
        (message,) = self.messages
        return message


class Desk:
    """The executor with every action, and the services they reach."""

    def __init__(self, executor: ActionExecutor, parts: Services) -> None:
        self.executor = executor
        self.services = parts
        domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
        self.responses: dict[str, Any] = domain["responses"]
        self.actions: list[str] = domain["actions"]

    @property
    def library(self) -> CardLibrary:
        return self.services.library

    async def run(
        self,
        action: str,
        *,
        text: str = "hi",
        topics: Sequence[str] = (),
        outcome: str = "answer",
        intent: str = "faq",
        also: Sequence[str] = (),
        wants_visit: bool = False,
        slots: dict[str, Any] | None = None,
        in_form: bool = False,
        events: Sequence[dict[str, Any]] = (),
        channel: str = "web",
        sender: str = SENDER,
        entities: Sequence[dict[str, Any]] | None = None,
        language: str = "en",
        message_id: str = "",
        marks: Mapping[str, Any] = MappingProxyType({}),
    ) -> Done:
        decision = {"outcome": outcome, "topics": list(topics), "confidence": 1.0}
        message: dict[str, Any] = {
            "text": text,
            "intent": {"name": intent},
            "decision": decision,
            "also": [*also],
            "wants_visit": wants_visit,
            "language": language,
            **marks,
        }
        if entities is not None:
            message["entities"] = [*entities]
        heard: dict[str, Any] = {
            "event": "user",
            "text": text,
            "input_channel": channel,
            "timestamp": 1.0,
            "message_id": message_id,
        }
        tracker = {
            "sender_id": sender,
            "slots": dict(slots or {}),
            "latest_message": message,
            "events": [*events, heard],
            "active_loop": {"name": FORM} if in_form else {},
            "paused": False,
            "followup_action": None,
            "latest_action_name": "action_listen",
        }
        call = {"next_action": action, "sender_id": sender, "tracker": tracker, "domain": {}}
        answer = await self.executor.run(call)
        assert answer is not None
        return Done([self._worded(said) for said in answer["responses"]], answer["events"])

    def _worded(self, said: dict[str, Any]) -> dict[str, Any]:
        """Fills a response of domain.yml as Rasa does; a missing value is a KeyError."""
        if said.get("response") is None:
            return said
        (wording,) = self.responses[said["response"]]
        buttons = [*said["buttons"], *map(_filled(said), wording.get("buttons", ()))]
        return {**said, "text": wording["text"].format_map(said), "buttons": buttons}

    async def book(self, sender: str = SENDER, key: str = "one", **changes: Any) -> str:
        """Stores a request; returns its reference."""
        request = BookingRequest(
            name="Sam Example",
            reason="lower back",
            preferred="friday morning",
            visit="first",
            consent=True,
            phone="+17805550199",
        )
        made = await self.services.bookings.request(replace(request, **changes), key, sender, "web")
        return made.reference


def _filled(values: Mapping[str, Any]) -> Callable[[Mapping[str, str]], dict[str, str]]:
    return lambda button: {name: text.format_map(values) for name, text in button.items()}


@pytest.fixture(scope="session")
def content() -> Iterator[Services]:
    """The shipped content, read once."""
    yield Services.build(Settings.from_env({}), "sqlite://")


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest.fixture
async def desk(
    content: Services, executor: ActionExecutor, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    database = Database("sqlite://")
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    repository = BookingRepository(database)
    parts = replace(
        content,
        database=database,
        inbox=InboxRepository(database),
        alerts=AlertRepository(database),
        bookings=BookingService(repository, tell=content.status_words.letter),
        access=BookingAccess(repository, TryLog(database), utc_now),
        outbox=OutboxRepository(database),
        handoffs=handoff_desk(database, content.handoffs.words, content.settings),
    )
    monkeypatch.setattr(services, "_current", parts)
    yield Desk(executor, parts)
    await database.close()
