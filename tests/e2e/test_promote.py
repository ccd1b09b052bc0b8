"""A model is promoted and rolled back while patients write: no message is lost or refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.candidates import candidate
from e2e.serving import Server, run_bot

CONVERSATIONS = 50
SETTLED_SECONDS = 60
TEXTS = ("does it hurt?", "what are the fees?", "and on sundays?", "where are you?", "hello")


class Crowd:
    """Fifty patients who go on writing until they are told to stop."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stop = threading.Event()
        self.statuses: list[int] = []
        self.silent: list[str] = []
        self._threads = [
            threading.Thread(target=self._talk, args=(n,), daemon=True)
            for n in range(CONVERSATIONS)
        ]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Until so many more messages are answered."""
        wanted = len(self.statuses) + more
        give_up = time.monotonic() + SETTLED_SECONDS
        while len(self.statuses) < wanted:
            assert time.monotonic() < give_up, f"{len(self.statuses)} answers"
            time.sleep(0.05)

    def _talk(self, number: int) -> None:
        patient = self._server.patient()
        turn = 0
        while not self._stop.is_set():
            turn += 1
            answer = patient.post(TEXTS[(number + turn) % len(TEXTS)], f"{number}-{turn}")
            self.statuses.append(answer.status)
            if answer.status == 200 and not answer.json["messages"][0]["text"]:
                self.silent.append(answer.text)


@pytest.fixture(scope="module")
def own_server(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: its model changes."""
    serving = Server(tmp_path_factory.mktemp("promote"), RATE_LIMIT="6000/minute")
    serving.start()
    try:
        yield serving
    finally:
        serving.kill()


def _serving(server: Server, name: str) -> None:
    """Waits until the server says that it serves a model."""
    give_up = time.monotonic() + SETTLED_SECONDS
    log: Path = server.log
    while f"Serving {name}" not in log.read_text("utf-8", "replace"):
        assert time.monotonic() < give_up, server.tail()
        time.sleep(0.2)


def _bot(server: Server, *arguments: str) -> str:
    done = run_bot(server.env, "review", *arguments)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_fifty_conversations_go_on_through_a_promotion_and_a_rollback(own_server: Server) -> None:
    with candidate(own_server, "what is the damage eh") as model:
        with Crowd(own_server) as crowd:
            crowd.wait_for(CONVERSATIONS)
            assert model in _bot(own_server, "promote")
            _serving(own_server, model)
            crowd.wait_for(CONVERSATIONS * 2)
        assert set(crowd.statuses) == {200}
        assert crowd.silent == []
        # After a restart it is the model of the data, and nothing is trained.
        own_server.restart()
        trained = run_bot(own_server.env, "train")
        assert trained.stdout.decode().strip().endswith(model)
        assert b"up to date" in trained.stderr
        with Crowd(own_server) as crowd:
            crowd.wait_for(CONVERSATIONS)
            former = _bot(own_server, "rollback").split()[0]
            assert former != model
            _serving(own_server, former)
            crowd.wait_for(CONVERSATIONS)
        assert set(crowd.statuses) == {200}
        assert crowd.silent == []
