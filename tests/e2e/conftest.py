"""One server for all end-to-end tests: starting one takes far longer than talking to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.provider_api import ProviderFake
from fakes.webhooks import settings_for

from bot.content import CardLibrary, ClinicProfile
from bot.settings import Settings
from e2e.browser.chromium import chromium, chromium_path
from e2e.browser.console_tabs import new_tab
from e2e.patient import Patient
from e2e.serving import Server, environment, run_bot

__all__ = ["chromium", "chromium_path", "new_tab"]

HERE = Path(__file__).parent
# What Twilio's signatures are made for; nobody connects to it.
TEXTING_URL = "https://faq.clinic.example"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder, so that `-m "not server"` leaves all of them out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="session")
def trained() -> None:
    """Trains the model, unless there is one for the present data and configuration."""
    training = run_bot(environment(), "train")
    assert training.returncode == 0, training.stderr.decode()


@pytest.fixture(scope="session")
def served(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`bot serve` with a database of its own, for the whole run; started by `server`."""
    serving = Server(tmp_path_factory.mktemp("server"))
    try:
        yield serving
    finally:
        serving.kill()


@pytest.fixture(scope="session")
def phones() -> Iterator[ProviderFake]:
    """Takes the texts that the clinic sends."""
    with ProviderFake() as fake:
        yield fake


@pytest.fixture(scope="session")
def texting(
    trained: None, phones: ProviderFake, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server with text messages on."""
    settings = {"PUBLIC_URL": TEXTING_URL, **settings_for(phones.url)}
    serving = Server(tmp_path_factory.mktemp("texting"), **settings)
    try:
        serving.start()
        yield serving
    finally:
        serving.kill()


@pytest.fixture()
def server(served: Server) -> Server:
    """The running server; a test that stopped it leaves it to the next one to start it again."""
    if not served.is_running:
        served.start()
    return served


@pytest.fixture()
def patient(server: Server) -> Patient:
    """A patient in a conversation of their own."""
    return server.patient()


@pytest.fixture(scope="session")
def library() -> CardLibrary:
    """The approved words of the clinic that the server serves."""
    settings = Settings.from_env({})
    return CardLibrary.load(settings.answers_dir, ClinicProfile.load(settings.clinic_profile))


@pytest.fixture(scope="session")
def warning(library: CardLibrary) -> str:
    """The words that answer a life-threatening sign; the number stands in the first sentence."""
    words = library.render("safety/emergency", "web").text
    assert "911" in words.split(".")[0]
    return words
