from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache

import pytest
from argon2 import PasswordHasher
from web_client import WebClient

from bot.console import Desk, desk_of
from bot.content import CardLibrary
from bot.safety import Gate
from bot.services import Services
from bot.settings import Settings
from bot.staff import passwords
from bot.staff.roles import Role
from bot.storage.migrate import migrate
from console.desk import ORIGIN, Browser, Colleague, app_of, enrol, sign_in

SignedIn = Callable[[Role], Awaitable[Browser]]


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture(autouse=True)
def tables_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The red-flag tables and the cards, which no test changes, take a second to read."""
    monkeypatch.setattr(Gate, "load", _gate)
    monkeypatch.setattr(CardLibrary, "load", _library)


_gate = lru_cache(Gate.load)
_library = lru_cache(CardLibrary.load)


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="s" * 40, public_url=ORIGIN)  # type: ignore[call-arg]


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    services = Services.build(settings, "sqlite://")
    # Migrated, since the index of words is made by a migration alone.
    await migrate(services.database)
    yield desk_of(services)
    await services.database.close()


@pytest.fixture
def client(desk: Desk) -> WebClient:
    return WebClient(app_of(desk))


@pytest.fixture
def browser(client: WebClient) -> Browser:
    return Browser(client)


@pytest.fixture
def new_browser(client: WebClient) -> Callable[[], Browser]:
    return lambda: Browser(client)


@pytest.fixture
def as_role(desk: Desk, client: WebClient) -> SignedIn:
    """A browser in which somebody with this role is signed in."""

    async def signed_in(role: Role) -> Browser:
        browser = Browser(client)
        who: Colleague = await enrol(desk, browser, f"{role.label} Example", role)
        answer = await sign_in(browser, who)
        assert answer.status == 303, answer.body.decode()
        return browser

    return signed_in
