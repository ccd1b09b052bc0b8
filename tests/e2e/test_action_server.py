"""The same actions in a process of their own: Rasa calls them over HTTP."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.content import CardLibrary
from e2e.booking_talk import NAME, WHEN, book
from e2e.serving import Server, Service, free_port


@dataclass(frozen=True)
class Pair:
    """A server and the action server that it calls; both use the same database."""

    server: Server
    actions: Service


@pytest.fixture(scope="module")
def pair(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both, running."""
    folder = tmp_path_factory.mktemp("action_server")
    endpoints = folder / "endpoints.yml"
    server = Server(folder, ENDPOINTS=str(endpoints))
    actions = _action_server(server, folder)
    endpoints.write_text(f"action_endpoint:\n  url: {actions.base_url}/webhook\n", encoding="utf-8")
    try:
        actions.start()
        server.start()
        yield Pair(server, actions)
    finally:
        server.kill()
        actions.kill()


def _action_server(server: Server, folder: Path) -> Service:
    port = free_port()
    command = (sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port))
    return Service(command, port, "/health", server.env, folder / "actions.log")


def test_questions_are_answered_through_it(pair: Pair) -> None:
    reply = pair.server.patient().say("how much is a visit")
    assert reply.ids == ["clinic/fees"]
    assert reply.messages[0]["source"]
    assert reply.choices


def test_a_booking_made_through_it_is_in_the_database(pair: Pair) -> None:
    patient = pair.server.patient()
    reference = book(patient)
    (booking,) = [b for b in pair.server.bookings() if b["reference"] == reference]
    assert (booking["name"], booking["preferred"], booking["channel"]) == (NAME, WHEN, "web")
    assert reference in patient.say("Am I booked?").text


def test_without_it_a_patient_gets_an_apology_and_an_emergency_its_warning(
    pair: Pair, library: CardLibrary, warning: str
) -> None:
    patient = pair.server.patient()
    pair.actions.kill()
    assert (
        patient.say("does it hurt?").text == library.render("other/technical_trouble", "web").text
    )
    assert patient.say("i have crushing chest pain").messages[0]["text"] == warning
    assert len(patient.said()) == 2
    pair.actions.start()
    assert patient.say("does it hurt?").ids == ["faq/does_it_hurt"], "it goes on by itself"
