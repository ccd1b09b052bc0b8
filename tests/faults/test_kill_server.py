"""kill -9 of the whole server while patients finish booking forms over HTTP.

`FAULT_KILLS=200 .venv/bin/pytest -s tests/faults/test_kill_server.py` kills more often; each kill
costs the time the server takes to start. After `FAULT_MINUTES` no more follow, however many were
asked for.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from e2e.booking_talk import REFERENCE, request_as
from e2e.patient import Patient
from e2e.serving import Server, environment, run_bot

KILLS = int(os.environ.get("FAULT_KILLS", "5"))
MINUTES = float(os.environ.get("FAULT_MINUTES", "90"))
PATIENTS = 4
LONGEST_LIFE = 4.0
ANSWERED_SECONDS = 180
pytestmark = pytest.mark.server


class Visitor:
    """Books again and again, each time under another name; sends a message until it is answered."""

    def __init__(self, server: Server, number: int, done: Event) -> None:
        self.number = number
        self.seen: dict[str, str] = {}
        self.sent: list[str] = []
        self.patient: Patient | None = None
        self._server = server
        self._done = done

    def book(self) -> None:
        while not self._done.is_set():
            name = f"Robin {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[len(self.seen) % 26]}{'a' * self.number}"
            replies = [self._say(text) for text in request_as(name)]
            found = REFERENCE.search(replies[-1])
            assert found is not None, replies
            self.seen[found.group()] = name

    def _say(self, text: str) -> str:
        message_id = str(uuid4())
        self.sent.append(text)
        # While the server is being killed nobody knows how long an answer takes on a busy machine.
        give_up: float | None = None
        while give_up is None or time.monotonic() < give_up:
            if self._done.is_set() and give_up is None:
                give_up = time.monotonic() + ANSWERED_SECONDS
            try:
                self.patient = self.patient or self._server.patient()
                response = self.patient.post(text, message_id)
            except (OSError, HTTPException):
                time.sleep(0.1)
                continue
            if response.status == 200:
                return "\n".join(message["text"] for message in response.json["messages"])
            time.sleep(0.5)
        raise AssertionError(f"never answered: {text}")


def test_no_kill_loses_or_doubles_a_request(tmp_path: Path) -> None:
    assert run_bot(environment(), "train").returncode == 0
    server = Server(tmp_path, RATE_LIMIT="6000/minute", SESSION_RATE_LIMIT="6000/minute")
    done = Event()
    visitors = [Visitor(server, number, done) for number in range(PATIENTS)]
    server.start()
    started, kills = time.monotonic(), 0
    try:
        with ThreadPoolExecutor(PATIENTS) as pool:
            booking = [pool.submit(visitor.book) for visitor in visitors]
            try:
                while kills < KILLS and time.monotonic() - started < MINUTES * 60:
                    time.sleep(random.uniform(0.05, LONGEST_LIFE))
                    server.kill()
                    kills += 1
                    server.start()
            finally:
                done.set()
            for one in booking:
                one.result()
        print(f"{kills} kills in {time.monotonic() - started:.0f} s")
        _check(server, visitors)
    finally:
        server.kill()


def _check(server: Server, visitors: list[Visitor]) -> None:
    kept = server.bookings()
    seen = {reference: name for visitor in visitors for reference, name in visitor.seen.items()}
    print(f"{len(seen)} requests seen by {PATIENTS} patients")
    assert seen
    # Each once, none besides: every form that was finished was seen in the end.
    assert {row["reference"]: row["name"] for row in kept} == seen
    assert len(kept) == len(seen)
    of_each = Counter(row["conversation_id"] for row in kept)
    assert sorted(of_each.values()) == sorted(len(v.seen) for v in visitors if v.seen)
    for visitor in visitors:
        if visitor.patient is not None:
            assert visitor.patient.said() == visitor.sent
