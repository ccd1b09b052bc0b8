"""The channels over a real database and a real turn, with stand-ins for Rasa and the providers."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import rasa.core.channels.channel
from rasa.core.lock_store import InMemoryLockStore
from sanic import Sanic
from web_client import Answer, WebClient

from bot.channels.web import WebChannel
from bot.channels.web_continue import WebContinue
from bot.channels.web_sender import WebSender
from bot.guard.rate import RateLimit
from bot.guard.sessions import Sessions
from bot.http import dumps, protect
from bot.outbox import PostOffice
from bot.providers import Providers
from bot.safety import Gate
from bot.services import Services
from bot.settings import Settings
from bot.storage.live_requests import LiveRequests
from bot.storage.tracker_store import DatabaseTrackerStore
from bot.storage.types import utc_now
from bot.turn.assistant import Assistant
from bot.turn.intake import Intake
from bot.turn.locks import ConversationLocks
from bot.turn.turn import Turn
from bot.undelivered import Undelivered
from fakes.assistant import EchoAssistant
from fakes.provider_api import ProviderFake
from fakes.webhooks import settings_for

PUBLIC_URL = "https://faq.clinic.example"
SECRET = "0123456789abcdef" * 2
DEADLINE = 2.0
SETTLED_SECONDS = 20.0
_LOAD = Gate.load


@dataclass
class Desk:
    """Everything between a webhook and a provider's API, in this process."""

    parts: Services
    rasa: EchoAssistant
    api: ProviderFake
    client: WebClient
    post: PostOffice
    providers: Providers
    running: list[asyncio.Future[None]] = field(default_factory=list)

    async def settled(self) -> None:
        """Waits until everything taken is answered and every letter is on its way for good."""
        workers = self.providers.workers
        assert workers is not None
        give_up = asyncio.get_event_loop().time() + SETTLED_SECONDS
        while asyncio.get_event_loop().time() < give_up:
            await workers.idle()
            if not await self._waiting():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("never settled")

    async def _waiting(self) -> int:
        async with self.parts.database.read() as connection:
            statement = (
                "SELECT (SELECT count(*) FROM inbox WHERE status = 'received') + "
                "(SELECT count(*) FROM outbox WHERE state IN ('pending', 'failed'))"
            )
            return int((await connection.exec_driver_sql(statement)).scalar() or 0)

    async def call(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        return await self.client.call(method, path, body, **headers)


@asynccontextmanager
async def open_desk(database_url: str, **settings: str) -> AsyncIterator[Desk]:
    """A desk with all three channels on.

    Args:
        database_url: A migrated database.
        settings: More of the environment.
    """
    with ProviderFake() as api:
        environ = {"PUBLIC_URL": PUBLIC_URL, "SECRET_KEY": SECRET, "TURN_DEADLINE": str(DEADLINE)}
        environ |= {"DATABASE_URL": database_url, **settings_for(api.url), **settings}
        with patch.object(Gate, "load", _gate):
            desk = _desk(Services.build(Settings.from_env(environ)), api)
        await desk.post.release()
        await desk.providers.recover(is_alone=True)
        tasks = [*desk.post.tasks(), *desk.providers.tasks()]
        desk.running = [asyncio.ensure_future(task()) for task in tasks]
        try:
            yield desk
        finally:
            for task in desk.running:
                task.cancel()
            await asyncio.gather(*desk.running, return_exceptions=True)
            await desk.providers.stop()
            await desk.parts.database.close()


@cache
def _gate(safety_dir: Path) -> Gate:
    """Read once for all tests: it takes a second."""
    return _LOAD(safety_dir)


def _continuing(parts: Services, providers: Providers, post: PostOffice) -> WebContinue:
    """The real desk, over Rasa's own locks and the real tracker store without a domain."""
    trackers = DatabaseTrackerStore(None, parts.database)
    desk = providers.continue_desk(trackers, InMemoryLockStore())
    assert desk is not None
    sessions = Sessions(SECRET, timedelta(days=1))
    rate = RateLimit(parts.settings.rate_limit, "message")
    return WebContinue(desk, sessions, rate, post.call)


def _desk(parts: Services, api: ProviderFake) -> Desk:
    rasa_fake, settings = EchoAssistant(), parts.settings
    assistant = cast(Assistant, rasa_fake)
    turn = Turn(
        assistant,
        parts.library,
        parts.gate,
        parts.alerts,
        settings.turn_deadline,
        people=parts.handoffs,
    )
    providers = Providers(parts)
    requests = LiveRequests(parts.database)
    on_dead = Undelivered(parts.alerts, requests, parts.outbox, has_sms=True)
    post = PostOffice(parts.outbox, [WebSender(), *providers.senders], utc_now, on_dead)
    web = WebChannel(
        Intake(parts.inbox, turn, ConversationLocks()),
        parts.inbox,
        Sessions(SECRET, timedelta(days=1)),
        RateLimit(settings.rate_limit, "message"),
        RateLimit(settings.session_rate_limit, "session"),
        outbox=parts.outbox,
        people=parts.handoffs,
        continuing=_continuing(parts, providers, post),
    )
    app: Any = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False, dumps=dumps)
    protect(app, ())
    channels = [web, *providers.channels(turn, post)]
    rasa.core.channels.channel.register(channels, app, route="/webhooks/")
    return Desk(parts, rasa_fake, api, WebClient(app), post, providers)
