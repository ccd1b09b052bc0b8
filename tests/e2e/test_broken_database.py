"""The database breaks under a running server: a warning all the same, else an apology."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.content import CardLibrary
from e2e.booking_talk import ASKS, WHEN
from e2e.http_client import Response
from e2e.serving import Server

FLAGGED = "i have crushing chest pain"
INTERNALS = ("Traceback", "sqlite", "inbox", "no such table", "Error(", ".py", ".db")
HANDED_OVER = "can I talk to a real person please"


@pytest.fixture(scope="module")
def own_server(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose database this module may break."""
    serving = Server(tmp_path_factory.mktemp("broken_database"))
    serving.start()
    try:
        yield serving
    finally:
        serving.kill()


@contextmanager
def _without(database: Path, table: str) -> Iterator[None]:
    """A table is gone, and comes back."""
    _execute(database, f"ALTER TABLE {table} RENAME TO taken_away")
    try:
        yield
    finally:
        _execute(database, f"ALTER TABLE taken_away RENAME TO {table}")


def _execute(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        # Otherwise references to the table would follow its new name.
        connection.execute("PRAGMA legacy_alter_table = ON")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement)


@pytest.mark.parametrize("before", [(), (ASKS, WHEN), (HANDED_OVER,)], ids=["", "form", "handoff"])
@pytest.mark.parametrize("table", ["inbox", "tracker_events", "alerts"])
def test_a_table_that_is_gone_silences_no_warning(
    own_server: Server, warning: str, table: str, before: tuple[str, ...]
) -> None:
    patient = own_server.patient()
    for text in before:
        patient.say(text)
    with _without(own_server.database, table):
        assert patient.say(FLAGGED).messages[0]["text"] == warning
    assert patient.say("does it hurt?").ids[0] == "faq/does_it_hurt", "it goes on by itself"


@pytest.mark.parametrize("table", ["inbox", "tracker_events"])
def test_an_ordinary_message_gets_the_apology_with_the_phone_number(
    own_server: Server, library: CardLibrary, table: str
) -> None:
    patient = own_server.patient()
    with _without(own_server.database, table):
        response = patient.post("does it hurt?")
    apology = library.render("other/technical_trouble", "web").text
    assert library.profile.phone in apology
    assert _said(response) == apology
    assert not [word for word in INTERNALS if word in response.text]


def _said(response: Response) -> str:
    """A reply's words, or a refusal's where the message could not even be kept."""
    if response.status == 200:
        (message,) = response.json["messages"]
        return str(message["text"])
    error = response.json["error"]
    assert (response.status, error["code"]) == (503, "unavailable")
    return str(error["message"])
