"""What encryption costs a turn at the tables: the same turns with it and without, in one run.

Prints one JSON line for each, and the ratios last.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks._metrics import percentile
from benchmarks._own_data import questions
from benchmarks._report import print_line, ratios, rounded
from bot.continuing.model import Event
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository
from bot.storage.migrate import migrate
from bot.storage.sealing import KeyRing
from bot.storage.tables import tracker_events
from bot.storage.tracker_store import DatabaseTrackerStore

COMPARED = ("p50_ms", "p95_ms", "turns_per_s", "bytes_a_turn")
TURNS_OF_A_TALK = 10
RANKED = 10
MS = 1000


class NoKeys(KeyRing):
    """Leaves everything as it is."""

    def seal(self, place: str, text: str) -> str:
        return text

    def open(self, place: str, stored: str) -> str:
        return stored


def main(argv: Sequence[str] | None = None) -> int:
    """Measures both by turns, so that a busy moment of the machine meets both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--turns", type=int, default=300, help="turns of a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each, by turns")
    arguments = parser.parse_args(argv)
    results = asyncio.run(_measure(arguments.turns, arguments.rounds))
    for result in results:
        print_line(result)
    sealed, clear = results
    print_line({"ratios": "sealed / clear", **ratios(sealed, clear, COMPARED)})
    return 0


async def _measure(turns: int, rounds: int) -> list[dict[str, Any]]:
    rings = {"sealed": KeyRing.for_this_process(), "clear": NoKeys(["for marks alone " * 3])}
    spent: dict[str, list[float]] = {name: [] for name in rings}
    sizes: dict[str, int] = dict.fromkeys(rings, 0)
    for number in range(rounds + 1):
        for name, ring in rings.items():
            with tempfile.TemporaryDirectory() as folder:
                times, size = await _round(Path(folder), ring, turns)
            # The first round warms up.
            if number:
                spent[name] += times
                sizes[name] = size
    return [_result(name, spent[name], sizes[name] // turns) for name in rings]


def _result(name: str, times: list[float], size: int) -> dict[str, Any]:
    return {
        "system": name,
        "turns": len(times),
        "p50_ms": rounded(percentile(times, 50)),
        "p95_ms": rounded(percentile(times, 95)),
        "turns_per_s": round(len(times) / sum(times) * MS, 1),
        "bytes_a_turn": size,
    }


async def _round(folder: Path, ring: KeyRing, turns: int) -> tuple[list[float], int]:
    url = f"sqlite:///{folder / 'bot.db'}"
    await migrate(url)
    database = Database(url, keys=ring)
    texts, times = questions(), []
    for number in range(turns):
        said = texts[number % len(texts)]
        started = time.process_time()
        await _turn(database, f"web:{number // TURNS_OF_A_TALK}", f"m{number}", said)
        times.append((time.process_time() - started) * MS)
    size = await _size(database)
    await database.close()
    return times, size


async def _turn(database: Database, conversation: str, message_id: str, said: str) -> None:
    """What a turn does at the tables: the message, Rasa's record of the talk, and the reply."""
    inbox = InboxRepository(database)
    row = await inbox.take("web", conversation, message_id, said)
    await DatabaseTrackerStore(None, database).session(conversation)
    async with database.begin() as connection:
        await connection.execute(tracker_events.insert(), _rows(conversation, said))
    answer = {"text": f"About this: {said} " * 8, "answer_ids": ["faq/does_it_hurt"]}
    await inbox.finish(row.id, [answer])
    await inbox.history(conversation)


def _rows(conversation: str, said: str) -> list[dict[str, Any]]:
    """As many events, and about as long ones, as a turn of the served assistant writes."""
    ranking = [{"name": f"faq/topic_number_{n}", "confidence": 0.123456789} for n in range(RANKED)]
    user: Event = {
        "event": "user",
        "timestamp": 1.0,
        "text": said,
        "parse_data": {"text": said, "intent": ranking[0], "intent_ranking": ranking},
    }
    action: Event = {"event": "action", "timestamp": 1.0, "name": "action_answer", "policy": "Rule"}
    bot: Event = {"event": "bot", "timestamp": 1.0, "text": f"About this: {said} " * 8, "data": {}}
    slot: Event = {"event": "slot", "timestamp": 1.0, "name": "last_topic", "value": "faq/x"}
    events = [user, action, slot, bot, action, slot]
    return [
        {
            "sender_id": conversation,
            "type_name": event["event"],
            "timestamp": 1.0,
            "data": json.dumps(event),
        }
        for event in events
    ]


async def _size(database: Database) -> int:
    async with database.read() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        return int(pages * (await connection.execute(text("PRAGMA page_size"))).scalar_one())


if __name__ == "__main__":
    sys.exit(main())
