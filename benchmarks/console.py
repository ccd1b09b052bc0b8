"""How long the console's pages take over many messages, in SQLite and in PostgreSQL.

Makes a database of its own, fills it with made-up conversations of the training data's sentences,
the last of them of now, and asks for lists and figures as the console does, template and all. One
JSON line for each kind of page, and one for counting a day, which a server does by itself.
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
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sanic.response import HTTPResponse

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._metrics import percentile  # noqa: E402
from bot.console import conversations, desk_of, figures  # noqa: E402
from bot.console.visit import Visit  # noqa: E402
from bot.content import ClinicProfile  # noqa: E402
from bot.figures.model import DAYS, bounds, last_days  # noqa: E402
from bot.review.model import band_of  # noqa: E402
from bot.services import Services  # noqa: E402
from bot.settings import Settings  # noqa: E402
from bot.staff.model import Session, User  # noqa: E402
from bot.staff.roles import Role  # noqa: E402
from bot.storage.database import Database  # noqa: E402
from bot.storage.day_counts import count_day  # noqa: E402
from bot.storage.day_figures import DayRepository  # noqa: E402
from bot.storage.message_groups import Grouping, GroupRepository  # noqa: E402
from bot.storage.migrate import migrate  # noqa: E402
from bot.storage.review_tables import review_turns  # noqa: E402
from bot.storage.sealing import KeyRing  # noqa: E402
from bot.storage.tables import inbox  # noqa: E402

Show = Callable[[Visit], Awaitable[HTTPResponse]]
SECRET = "b" * 40
CHUNK = 10_000
EACH = 5
# Groups of unanswered messages.
GROUPED = 200
# One message a minute or so: a million are two years of a very busy clinic.
STEP = timedelta(seconds=60)
LISTS: dict[str, dict[str, str]] = {
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
    "a day": {"from": "{early}", "to": "{early}"},
    "a day, one outcome": {"from": "{early}", "to": "{early}", "outcome": "decline"},
    "old, rare outcome": {"to": "{earlier}", "outcome": "crisis"},
    "three filters": {"channel": "sms", "outcome": "decline", "sure": "3"},
}
FIGURES: dict[str, dict[str, str]] = {
    "figures, 7 days": {"days": "7"},
    "figures, 30 days": {"days": "30"},
    "figures, 30 days, one channel": {"days": "30", "channel": "sms"},
    "figures, 90 days": {"days": "90"},
}
# Where the lists of early days are: after so much of all the time there is.
EARLY, EARLIER = 0.22, 0.09
# What the figures count goes back so far; a little more than they show.
COUNTED = timedelta(days=DAYS + 1)


def sentences() -> list[str]:
    """The training data's examples."""
    texts = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            texts += [line[2:].strip() for line in block["examples"].splitlines() if line]
    return texts


def rows(count: int, seed: int, end: datetime) -> Iterator[dict[str, Any]]:
    """Made-up messages, oldest first, the last one at a moment."""
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
            "at": end - STEP * (count - number),
            "text": f"{draw.choice(texts)} {draw.choice(texts)}",
            "reply": [{"text": "Most people feel little.", "answer_ids": [], "choices": []}],
            "outcome": "crisis" if rare else draw.choice(outcomes),
            "intent": draw.choice(("clinic/fees", "booking/request")),
            "confidence": confidence,
            "answer": draw.choice(answers),
            "band": band_of(confidence),
            "is_latest": number % EACH == 0,
            "is_read": number < count * 0.9,
        }


def originals(copies: list[dict[str, Any]], since: datetime, seed: int) -> list[dict[str, Any]]:
    """The messages of some copies, with the time their reply took."""
    draw = random.Random(seed)
    return [
        {
            "id": copy["inbox_id"],
            **{name: copy[name] for name in ("channel", "conversation_id", "text", "reply")},
            "message_id": str(copy["inbox_id"]),
            "received_at": copy["at"],
            "finished_at": copy["at"] + timedelta(seconds=draw.lognormvariate(-3, 1)),
            "status": "done",
        }
        for copy in copies
        if copy["at"] >= since
    ]


async def fill(database: Database, count: int, seed: int, end: datetime) -> None:
    """Writes the messages, and lets the database take stock, as its server does by itself."""
    made = rows(count, seed, end)
    while chunk := list(itertools.islice(made, CHUNK)):
        async with database.begin() as connection:
            await connection.execute(review_turns.insert(), chunk)
            if messages := originals(chunk, end - COUNTED, chunk[0]["inbox_id"]):
                await connection.execute(inbox.insert(), messages)
    async with database.engine.connect() as connection:
        raw = await connection.execution_options(isolation_level="AUTOCOMMIT", read_only=True)
        await raw.exec_driver_sql("ANALYZE")


async def measure(
    database: Database, name: str, rounds: int, pages: dict[str, dict[str, str]], show: Show
) -> list[dict[str, Any]]:
    """Asks for each kind of page, its first ten in turn, as somebody leafs through them."""
    settings = Settings(secret_key=SECRET)  # type: ignore[call-arg]
    services = Services.build(settings, str(database.url))
    desk = desk_of(services)
    now = datetime.now(timezone.utc)
    user = User(1, "Benchmark", Role.ADMIN, False, True, now, now)
    session = Session(1, user, now, now, "")
    request = SimpleNamespace(path="/console/conversations", headers={})
    results = []
    for kind, query in pages.items():
        taken: list[float] = []
        asked = dict(query)
        for turn in range(rounds):
            visit = Visit(request, desk, session, "token", {}, asked)
            started = time.perf_counter()
            response = await show(visit)
            taken.append((time.perf_counter() - started) * 1000)
            page = response.body.decode()
            older = page.partition("before=")[2].partition('"')[0] if 'rel="next"' in page else ""
            asked = {**query, "before": older} if older and turn % 10 != 9 else dict(query)  # noqa: PLR2004
        line = {"database": name, "page": kind, "pages": rounds, "messages": None}
        results.append(line | {"p50_ms": _ms(taken, 50), "p95_ms": _ms(taken, 95)})
    await services.database.close()
    return results


async def count_days(database: Database, name: str) -> dict[str, Any]:
    """Counts every day of the figures and groups the newest unanswered messages at random."""
    zone = ClinicProfile.load(Settings().clinic_profile).timezone  # type: ignore[call-arg]
    taken: list[float] = []
    for day in last_days(datetime.now(ZoneInfo(zone)).date()):
        started = time.perf_counter()
        counted = await count_day(database, *bounds(day, ZoneInfo(zone)))
        await DayRepository(database, zone).keep(day, counted)
        taken.append((time.perf_counter() - started) * 1000)
    groups = GroupRepository(database)
    now = datetime.now(timezone.utc)
    found = await groups.unanswered(now - timedelta(days=DAYS))
    made = [list(found.messages[n::GROUPED]) for n in range(GROUPED)]
    newest = found.messages[0].inbox_id if found.messages else 0
    await groups.keep(made, Grouping(now, "benchmark", newest, len(found.messages), 0))
    line = {"database": name, "page": "counting a day", "pages": len(taken), "messages": None}
    return line | {"p50_ms": _ms(taken, 50), "p95_ms": _ms(taken, 95)}


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
    database = Database(address, keys=KeyRing([SECRET]))
    end = datetime.now(timezone.utc)
    await fill(database, arguments.messages, arguments.seed, end)
    lines = [await count_days(database, name)]
    lines += await measure(database, name, arguments.rounds, FIGURES, figures.show)
    if not arguments.figures:
        pages = _dated(LISTS, end - STEP * arguments.messages, end)
        lines += await measure(database, name, arguments.rounds, pages, conversations.show_list)
    for line in lines:
        print(json.dumps(line | {"messages": arguments.messages}), flush=True)
    await database.close()


def _dated(
    pages: dict[str, dict[str, str]], start: datetime, end: datetime
) -> dict[str, dict[str, str]]:
    """The pages with days in them, of the time from which there are messages."""
    named = {"early": EARLY, "earlier": EARLIER}
    days = {name: f"{start + (end - start) * part:%Y-%m-%d}" for name, part in named.items()}
    return {
        kind: {name: value.format(**days) for name, value in query.items()}
        for kind, query in pages.items()
    }


def main() -> None:
    """Reads the options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40, help="pages of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--figures", action="store_true", help="the figures alone")
    parser.add_argument("--postgres", metavar="URL", help="a server to make a database on")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
