"""How long the console's list pages take over many messages, in SQLite and in PostgreSQL.

Makes a database of its own, fills it with made-up conversations of the training data's sentences,
and asks for list pages as the console does, template and all. One JSON line for each kind of page.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._metrics import percentile  # noqa: E402
from bot.console import conversations, desk_of  # noqa: E402
from bot.console.visit import Visit  # noqa: E402
from bot.review.model import band_of  # noqa: E402
from bot.services import Services  # noqa: E402
from bot.settings import Settings  # noqa: E402
from bot.staff.model import Session, User  # noqa: E402
from bot.staff.roles import Role  # noqa: E402
from bot.storage.database import Database  # noqa: E402
from bot.storage.migrate import migrate  # noqa: E402
from bot.storage.review_tables import review_turns  # noqa: E402

START = datetime(2024, 1, 1, tzinfo=timezone.utc)
CHUNK = 10_000
EACH = 5
# One message a minute or so: a million are two years of a very busy clinic.
STEP = timedelta(seconds=60)
PAGES: dict[str, dict[str, str]] = {
    "newest": {},
    "one channel": {"channel": "sms"},
    "common outcome": {"outcome": "answer"},
    "rare outcome": {"outcome": "crisis"},
    "rare answer": {"answer": "faq/pregnancy"},
    "unsure": {"sure": "1"},
    "unread": {"read": "no"},
    "read": {"read": "yes"},
    "common word": {"q": "hurt"},
    "rare word": {"q": "pacemaker"},
    "no such word": {"q": "zzyzx"},
    "word beginning": {"q": "acu"},
    "two words": {"q": "how much"},
    "word and outcome": {"q": "pain", "outcome": "decline"},
    "a day": {"from": "2024-06-01", "to": "2024-06-01"},
    "a day, one outcome": {"from": "2024-06-01", "to": "2024-06-01", "outcome": "decline"},
    "old, rare outcome": {"to": "2024-03-01", "outcome": "crisis"},
    "three filters": {"channel": "sms", "outcome": "decline", "sure": "3"},
}


def sentences() -> list[str]:
    """The training data's examples."""
    texts = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            texts += [line[2:].strip() for line in block["examples"].splitlines() if line]
    return texts


def rows(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Made-up messages, oldest first."""
    draw, texts = random.Random(seed), sentences()
    outcomes = ["answer"] * 70 + ["decline"] * 10 + ["clarify"] * 8 + ["booking"] * 10 + ["urgent"]
    answers = ["faq/does_it_hurt", "clinic/fees", "clinic/hours", "", "booking/request"] * 200
    answers += ["faq/pregnancy"]
    for number in range(1, count + 1):
        confidence = draw.random() ** 0.3
        rare = draw.random() < 0.0005  # noqa: PLR2004 - about as rare as it is
        yield {
            "inbox_id": number,
            "conversation_id": f"web:{(number - 1) // EACH}",
            "channel": draw.choice(("web", "web", "sms", "messenger")),
            "at": START + STEP * number,
            "text": f"{draw.choice(texts)} {draw.choice(texts)}",
            "reply": [{"text": "Most people feel little.", "answer_ids": [], "choices": []}],
            "outcome": "crisis" if rare else draw.choice(outcomes),
            "intent": "clinic/fees",
            "confidence": confidence,
            "answer": draw.choice(answers),
            "band": band_of(confidence),
            "is_latest": number % EACH == 0,
            "is_read": number < count * 0.9,
        }


async def fill(database: Database, count: int, seed: int) -> None:
    """Writes the messages, and lets the database take stock, as its server does by itself."""
    made = rows(count, seed)
    while chunk := list(itertools.islice(made, CHUNK)):
        async with database.begin() as connection:
            await connection.execute(review_turns.insert(), chunk)
    async with database.engine.connect() as connection:
        raw = await connection.execution_options(isolation_level="AUTOCOMMIT", read_only=True)
        await raw.exec_driver_sql("ANALYZE")


async def measure(database: Database, name: str, rounds: int) -> list[dict[str, Any]]:
    """Asks for each kind of page, its first ten in turn, as somebody leafs through them."""
    settings = Settings(secret_key="b" * 40)  # type: ignore[call-arg]
    services = Services.build(settings, str(database.url))
    desk = desk_of(services)
    now = datetime.now(timezone.utc)
    user = User(1, "Benchmark", Role.ADMIN, False, True, now, now)
    session = Session(1, user, now, now, "")
    request = SimpleNamespace(path="/console/conversations", headers={})
    results = []
    for kind, query in PAGES.items():
        taken: list[float] = []
        asked = dict(query)
        for turn in range(rounds):
            visit = Visit(request, desk, session, "token", {}, asked)
            started = time.perf_counter()
            response = await conversations.show_list(visit)
            taken.append((time.perf_counter() - started) * 1000)
            page = response.body.decode()
            older = page.partition("before=")[2].partition('"')[0] if 'rel="next"' in page else ""
            asked = {**query, "before": older} if older and turn % 10 != 9 else dict(query)  # noqa: PLR2004
        line = {"database": name, "page": kind, "pages": rounds, "messages": None}
        results.append(line | {"p50_ms": _ms(taken, 50), "p95_ms": _ms(taken, 95)})
    await services.database.close()
    return results


def _ms(taken: list[float], q: int) -> float:
    return round(percentile(taken, q) or 0.0, 1)


@asynccontextmanager
async def postgres(server: str) -> AsyncIterator[str]:
    """The address of a database of its own, dropped in the end."""
    import asyncpg
    from sqlalchemy.engine.url import make_url

    name = f"console_benchmark_{uuid.uuid4().hex[:8]}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


async def run(arguments: argparse.Namespace) -> None:
    """Both databases, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        await _one(f"sqlite:///{folder}/bot.db", "SQLite", arguments)
    if arguments.postgres:
        async with postgres(arguments.postgres) as address:
            await _one(address, "PostgreSQL", arguments)


async def _one(address: str, name: str, arguments: argparse.Namespace) -> None:
    await migrate(address)
    database = Database(address)
    await fill(database, arguments.messages, arguments.seed)
    for line in await measure(database, name, arguments.rounds):
        print(json.dumps(line | {"messages": arguments.messages}), flush=True)
    await database.close()


def main() -> None:
    """Reads the options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40, help="pages of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--postgres", metavar="URL", help="a server to make a database on")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
