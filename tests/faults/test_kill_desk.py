"""kill -9 under load: what a patient saw is kept, once, however often the desk dies.

`FAULT_KILLS=200 .venv/bin/pytest -s tests/faults/test_kill_desk.py` is the full run.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from socket import AF_UNIX, socket
from threading import Event
from typing import Any

import pytest

from bot.storage.migrate import migrate
from faults.desk_process import serve

KILLS = int(os.environ.get("FAULT_KILLS", "5"))
PATIENTS = 6
LONGEST_LIFE = 0.8
SECONDS_A_KILL, SECONDS_ATOP = 8, 60


class Desk:
    """The process, its socket and its database; dies and comes back as a test asks."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "bot.db"
        self.socket = str(folder / "desk.sock")
        self._url = f"sqlite:///{self.database}"
        asyncio.run(migrate(self._url))
        # Forked from a process that has imported everything and runs no thread.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["faults.desk_process"])
        self.start()

    def start(self) -> None:
        self._process = self._context.Process(target=serve, args=(self._url, self.socket))
        self._process.start()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def ask(self, who: str, message_id: str, text: str, over: Event) -> str:
        """Sends one message until it is answered, as a patient's browser does."""
        line = json.dumps({"who": who, "id": message_id, "text": text}).encode() + b"\n"
        while not over.is_set():
            try:
                with socket(AF_UNIX) as connection:
                    connection.settimeout(10)
                    connection.connect(self.socket)
                    connection.sendall(line)
                    if answer := connection.makefile().readline():
                        return str(json.loads(answer))
            except OSError:
                time.sleep(0.02)
        return ""

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    # Where the forked process finds this folder.
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    opened = Desk(tmp_path)
    try:
        yield opened
    finally:
        opened.kill()


def test_no_kill_loses_or_doubles_a_request(desk: Desk) -> None:
    seen: dict[tuple[str, str], str] = {}
    done, over = Event(), Event()

    def patient(who: str) -> None:
        number = 0
        while not done.is_set():
            run = f"run {number}"
            if reference := desk.ask(who, f"m{number}", run, over):
                seen[who, run] = reference
            number += 1

    deadline = time.monotonic() + SECONDS_ATOP + SECONDS_A_KILL * KILLS
    kills = 0
    with ThreadPoolExecutor(PATIENTS) as pool:
        asking = [pool.submit(patient, f"web:{number}") for number in range(PATIENTS)]
        while kills < KILLS and time.monotonic() < deadline:
            time.sleep(random.uniform(0.02, LONGEST_LIFE))
            desk.kill()
            desk.start()
            kills += 1
        done.set()
        # The last desk lives, and answers what every patient is still waiting for.
        for one in asking:
            try:
                one.result(60)
            finally:
                over.set() if one is asking[-1] else None
    assert kills == KILLS, "too slow"
    print(f"{kills} kills, {len(seen)} requests seen by {PATIENTS} patients")
    _check(desk, seen)


def _check(desk: Desk, seen: dict[tuple[str, str], str]) -> None:
    kept = dict(desk.rows("SELECT idempotency_key, reference FROM bookings"))
    assert seen and kept == {f"{who}/form/{run}": ref for (who, run), ref in seen.items()}
    firsts = "SELECT booking_id FROM booking_events WHERE change = 'received'"
    assert set(Counter(desk.rows(firsts)).values()) == {1}
    assert len(desk.rows(firsts)) == len(kept)
    wrong = (
        "SELECT reference FROM bookings WHERE version != "
        "(SELECT count(*) FROM booking_events WHERE booking_id = bookings.id)"
    )
    assert desk.rows(wrong) == []
    told = desk.rows("SELECT idempotency_key FROM outbox")
    declined = desk.rows(
        "SELECT 'booking/' || reference || '/' || version FROM bookings WHERE status = 'declined'"
    )
    announced = desk.rows("SELECT 'staff/' || reference || '/1' FROM bookings")
    assert sorted(map(str, told)) == sorted(map(str, [*declined, *announced]))
    assert desk.rows("SELECT id FROM inbox WHERE reply IS NULL") == []
