"""Providers hear "ok", and patients their answers, while one patient's turn is stalled.

It measures, so it runs by command only, on a quiet machine:

    FAULT_RATE=50 FAULT_SECONDS=55 FAULT_STALL=60 \\
        .venv/bin/pytest -s tests/faults/test_stalled_turn.py
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from e2e.serving import Server, Service, environment, free_port, run_bot
from fakes.provider_api import ProviderFake
from fakes.webhooks import settings_for

from faults.stalling_actions import StallingActions
from faults.webhook_storm import PUBLIC_URL, Storm, a_text

RATE = float(os.environ.get("FAULT_RATE", "10"))
SECONDS = float(os.environ.get("FAULT_SECONDS", "5"))
STALL = float(os.environ.get("FAULT_STALL", "20"))
PATIENTS = 200
STALLED = "+17805550000"
pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif("FAULT_RATE" not in os.environ, reason="measures; set FAULT_RATE to run it"),
]


@pytest.fixture
def api() -> Iterator[ProviderFake]:
    with ProviderFake() as fake:
        yield fake


@pytest.fixture
def server(tmp_path: Path, api: ProviderFake) -> Iterator[Server]:
    """A server of which the actions run apart, so that one patient's can be held back."""
    assert run_bot(environment(), "train").returncode == 0
    endpoints = tmp_path / "endpoints.yml"
    settings = {"TURN_DEADLINE": "60", "PUBLIC_URL": PUBLIC_URL, **settings_for(api.url)}
    serving = Server(tmp_path, ENDPOINTS=str(endpoints), **settings)
    port = free_port()
    command = (sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port))
    actions = Service(command, port, "/health", serving.env, tmp_path / "actions.log")
    behind = f"{actions.base_url}/webhook"
    try:
        actions.start()
        with StallingActions(behind, f"sms:{STALLED}", STALL) as stalling:
            endpoints.write_text(f"action_endpoint:\n  url: {stalling.url}\n", encoding="utf-8")
            serving.start()
            yield serving
    finally:
        serving.kill()
        actions.kill()


async def _deliver(storm: Storm, count: int) -> None:
    """Sends texts at a steady rate, whether or not earlier ones are answered."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        began, sent = time.perf_counter(), []
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            # The first patient is the stalled one, and writes once.
            who = 1 + number % PATIENTS if number else 0
            sent.append(asyncio.ensure_future(storm.deliver(session, a_text(who, number))))
        await asyncio.gather(*sent)


def test_a_stalled_turn_keeps_nobody_else_waiting(server: Server, api: ProviderFake) -> None:
    count = int(RATE * SECONDS)
    storm = Storm(server.port)
    began = time.monotonic()
    asyncio.run(_deliver(storm, count))
    give_up = time.monotonic() + STALL
    while len({one.to for one in api.sent}) < min(count - 1, PATIENTS):
        assert time.monotonic() < give_up, "others were not answered"
        time.sleep(0.05)
    is_stalled = not api.texts_to(STALLED)
    taken = sorted(storm.seconds)
    print(
        f"{count} texts at {RATE:g}/s: ok after {1000 * taken[len(taken) // 2]:.0f} ms (median), "
        f"{1000 * taken[int(len(taken) * 0.99)]:.0f} ms (p99), {1000 * taken[-1]:.0f} ms (max); "
        f"{len(api.sent)} texts sent after {time.monotonic() - began:.1f} s"
    )
    assert storm.statuses == Counter({200: count})
    assert is_stalled
    give_up = time.monotonic() + STALL + 60
    while not api.texts_to(STALLED):
        assert time.monotonic() < give_up, "the stalled patient was never answered"
        time.sleep(0.2)
