"""Webhooks as they really come: forged, repeated, all at once, and the server killed in between.

The full counts, by the environment; each in a few minutes:

    FAULT_MUTATIONS=10000 FAULT_STORM=2000 FAULT_MESSAGES=500 \\
        .venv/bin/pytest -s tests/faults/test_webhook_storm.py
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from e2e.serving import Server, environment, run_bot
from fakes.provider_api import ProviderFake
from fakes.webhooks import settings_for

from bot.storage.sealing import KeyRing
from faults.mutations import mutants
from faults.webhook_storm import PUBLIC_URL, Delivery, Storm, batches, outcome, texts

MUTATIONS = int(os.environ.get("FAULT_MUTATIONS", "300"))
STORM = int(os.environ.get("FAULT_STORM", "200"))
MESSAGES = int(os.environ.get("FAULT_MESSAGES", "100"))
COPIES = 5
EACH = 10
SETTLED_SECONDS = 180
pytestmark = pytest.mark.server


@pytest.fixture
def api() -> Iterator[ProviderFake]:
    with ProviderFake() as fake:
        yield fake


@pytest.fixture
def server(tmp_path: Path, api: ProviderFake) -> Iterator[Server]:
    assert run_bot(environment(), "train").returncode == 0
    serving = Server(tmp_path, PUBLIC_URL=PUBLIC_URL, **settings_for(api.url))
    serving.start()
    try:
        yield serving
    finally:
        serving.kill()


def _settle(server: Server, expected: int) -> None:
    """Waits until everything taken is answered and every letter has left."""
    waiting = (
        "SELECT (SELECT count(*) FROM inbox WHERE status = 'received'), "
        "(SELECT count(*) FROM outbox WHERE state IN ('pending', 'failed')), "
        "(SELECT count(*) FROM inbox)"
    )
    give_up = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < give_up:
        with closing(sqlite3.connect(server.database)) as connection:
            unanswered, unsent, taken = connection.execute(waiting).fetchone()
        if (unanswered, unsent) == (0, 0) and taken >= expected:
            return
        time.sleep(0.2)
    pytest.fail(f"{unanswered} unanswered, {unsent} unsent, {taken} of {expected} taken")


def _rows(server: Server, table: str) -> int:
    with closing(sqlite3.connect(server.database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.mark.parametrize("channel", ["sms", "messenger"])
def test_no_mutated_webhook_is_accepted_or_breaks_anything(
    server: Server, api: ProviderFake, channel: str
) -> None:
    (first, *_), *_ = texts(1, 1) if channel == "sms" else batches(2, 5)
    statuses: Counter[int] = Counter()

    async def storm() -> None:
        room = asyncio.Semaphore(20)
        async with aiohttp.ClientSession() as session:

            async def send(one: Delivery) -> None:
                async with room:
                    url = f"http://127.0.0.1:{server.port}{one.path}"
                    async with session.post(url, data=one.body, headers=one.headers) as response:
                        await response.read()
                        statuses[response.status] += 1

            await asyncio.gather(*map(send, mutants(first, MUTATIONS, random.Random(7))))

    asyncio.run(storm())
    print(channel, dict(statuses))
    assert sum(statuses.values()) == MUTATIONS
    assert [status for status in statuses if status < 400 or status >= 500] == []
    assert (_rows(server, "inbox"), api.sent) == (0, [])


def test_no_valid_webhook_is_refused_lost_or_doubled(server: Server, api: ProviderFake) -> None:
    patients = [*texts(STORM // 2 // EACH, EACH), *batches(STORM // 2 // EACH, EACH)]
    random.Random(7).shuffle(patients)
    ids = [one for deliveries in patients for each in deliveries for one in each.ids]
    storm = Storm(server.port)
    began = time.monotonic()
    asyncio.run(storm.run(patients, COPIES, tries=1))
    taken = time.monotonic() - began
    _settle(server, len(ids))
    found = outcome(server.database, KeyRing([server.secret]), api, ids)
    print(
        f"{len(ids)} messages in {sum(storm.statuses.values())} requests, {dict(storm.statuses)}, "
        f"taken in {taken:.1f} s, answered in {time.monotonic() - began:.1f} s: {len(found.lost)} "
        f"lost, {len(found.doubled)} doubled, {len(found.disordered)} out of order"
    )
    assert set(storm.statuses) == {200}
    assert (found.lost, found.doubled, found.disordered) == ([], [], [])
    assert _rows(server, "inbox") == len(ids)


def test_a_kill_in_the_middle_loses_nothing(server: Server, api: ProviderFake) -> None:
    patients = texts(MESSAGES // EACH, EACH)
    ids = [one for deliveries in patients for each in deliveries for one in each.ids]
    storm = Storm(server.port)

    async def run() -> None:
        writing = asyncio.ensure_future(storm.run(patients, copies=2, tries=600))
        while _rows(server, "inbox") < len(ids) // 2 or not api.sent:
            await asyncio.sleep(0.02)
        server.kill()
        await asyncio.to_thread(server.start)
        await writing

    api.delay = 0.05
    asyncio.run(run())
    _settle(server, len(ids))
    found = outcome(server.database, KeyRing([server.secret]), api, ids)
    repeated = Counter(found.doubled)
    print(
        f"{len(ids)} messages, killed once: {len(found.lost)} lost, {len(found.doubled)} replies "
        f"sent twice, {len(found.disordered)} conversations out of order"
    )
    assert (found.lost, found.disordered) == ([], [])
    # Sent, and not yet recorded when the server died: no more than were on their way.
    assert len(found.doubled) <= 20
    assert not [to for to, times in repeated.items() if times > 1]
