"""Serving: the project beside a stock Rasa project on the same data, under the same load.

Prints a table, then one JSON line for each system, then the ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._clients import http
from benchmarks._load import Load, Plan, put_load
from benchmarks._metrics import percentile
from benchmarks._own_data import questions
from benchmarks._pipelines import chosen_systems
from benchmarks._processes import Running, free_port, serving, timed
from benchmarks._report import note, print_line, ratios, rounded, table
from benchmarks._served import Served, project, stock
from bot.errors import BotError

COMPARED = ("messages_per_s", "p50_ms", "p95_ms", "p99_ms", "rss_mb", "ready_s", "train_s")
# A short run that shows that everything works; its figures mean nothing.
QUICK = {"users": 4, "messages": 40, "stock_epochs": 1}
QUICK_EXAMPLES = 5
WARM_UP_TURNS = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Measures the systems one after the other."""
    arguments = _parser().parse_args(argv)
    if arguments.quick:
        vars(arguments).update(QUICK)
    try:
        results = _measure(arguments)
    except BotError as error:
        print(f"serve.py: {error}", file=sys.stderr)
        return 1
    print(table(results), flush=True)
    for result in results:
        print_line(result)
    by_system = {result["system"]: result for result in results}
    if len(by_system) > 1:
        compared = ratios(by_system["project"], by_system["stock"], COMPARED)
        print_line({"ratios": "project / stock", **compared})
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--users", type=int, default=8, help="patients writing at the same time")
    parser.add_argument("--messages", type=int, default=400, help="messages in all")
    parser.add_argument("--turns", type=int, default=10, help="messages of one conversation")
    parser.add_argument("--max-seconds", type=float, default=300, help="bound of one system's load")
    parser.add_argument("--systems", default="project,stock", help="which to measure, in order")
    parser.add_argument("--stock-epochs", type=int, help="instead of Rasa's own number")
    parser.add_argument("--seed", type=int, default=0, help="random start of the stock pipeline")
    parser.add_argument("--quick", action="store_true", help="only show that everything works")
    return parser


def _measure(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    plan = Plan(arguments.users, arguments.messages, arguments.turns, arguments.max_seconds)
    results = []
    with tempfile.TemporaryDirectory(prefix="bench-serve-") as name:
        for system in chosen_systems(arguments.systems):
            served = _served(system, Path(name) / system, arguments)
            results.append({"system": system, **_measure_one(system, served, plan)})
    return results


def _served(system: str, folder: Path, arguments: argparse.Namespace) -> Served:
    if system == "project":
        return project(folder)
    examples = QUICK_EXAMPLES if arguments.quick else None
    return stock(folder, arguments.seed, arguments.stock_epochs, examples)


def _measure_one(system: str, served: Served, plan: Plan) -> dict[str, Any]:
    note(f"{system}: training…")
    train_s = timed(served.train, served.place)
    note(f"{system}: trained in {train_s:.0f} s; starting…")
    port = free_port()
    with serving(served.serve(port), served.place, port, served.ready_path) as server:
        note(f"{system}: ready after {server.ready_s:.0f} s; {plan.messages} messages…")
        load = asyncio.run(_talk(served, server, plan))
        rss_mb = server.rss_mb()
    return _result(plan, load) | {
        "rss_mb": rss_mb,
        "ready_s": rounded(server.ready_s, 1),
        "train_s": rounded(train_s, 1),
    }


async def _talk(served: Served, server: Running, plan: Plan) -> Load:
    texts = questions()
    warm_up = Plan(plan.users, plan.users * WARM_UP_TURNS, plan.turns, plan.max_seconds)
    async with http() as client:
        begin = served.chat(client, server.base_url)
        await put_load(begin, texts[::-1], warm_up)
        return await put_load(begin, texts, plan)


def _result(plan: Plan, load: Load) -> dict[str, Any]:
    return {
        "users": plan.users,
        "messages": len(load.ms) + load.failed,
        "failed": load.failed,
        "messages_per_s": rounded(load.messages_per_s, 1),
        "p50_ms": percentile(load.ms, 50),
        "p95_ms": percentile(load.ms, 95),
        "p99_ms": percentile(load.ms, 99),
    }


if __name__ == "__main__":
    sys.exit(main())
