"""Candidates for promotion, without the minutes of training: the same weights, other examples."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.learning.comparison import Judged, compare
from bot.learning.evaluation import Case
from bot.learning.fingerprint import model_path, served_path
from bot.learning.promotion import RUNS
from bot.learning.taught import Taught, write_taught
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.training_runs import READY, RunRepository
from e2e.serving import Server

T = TypeVar("T")
FEES = "clinic/fees"
RIGHT = {"outcome": "answer", "answer_ids": [FEES]}
WARNED = {"outcome": "emergency", "answer_ids": ["safety/emergency"]}
DECLINED = {"outcome": "decline", "answer_ids": ["other/out_of_scope"]}


@contextmanager
def candidate(server: Server, text: str) -> Iterator[str]:
    """A run that ended well; gives the name of its model, which is gone afterwards.

    Args:
        server: A running server.
        text: The example that was learned.
    """
    ours = {name.upper() for name in Settings.__fields__}
    settings = Settings.from_env({n: v for n, v in server.env.items() if n in ours})
    base = served_path(settings)
    number = _run(_start(settings.database_url))
    folder = settings.learned_dir / RUNS / str(number)
    write_taught(folder, Taught.of([(FEES, text)]))
    model = model_path(settings.models_dir, learned=folder)
    _link(base, model)
    _run(_end(settings.database_url, number, base.name, model.name))
    try:
        yield model.name
    finally:
        model.unlink(missing_ok=True)


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Not in this thread: while Playwright is open it has an event loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def _link(base: Path, model: Path) -> None:
    try:
        os.link(base, model)
    except OSError:
        shutil.copy(base, model)


async def _start(url: str) -> int:
    database = Database(url)
    try:
        return await RunRepository(database).start("Pat Example")
    finally:
        await database.close()


async def _end(url: str, number: int, base: str, model: str) -> None:
    database = Database(url)
    runs = RunRepository(database)
    judged = [
        Judged("first_message.jsonl", Case("the damage?", (FEES,)), DECLINED, RIGHT),
        Judged("safety.jsonl", Case("chest pain", ("safety/emergency",)), WARNED, WARNED),
    ]
    try:
        await runs.name(number, base, model)
        await runs.end(number, READY, compare(judged, taught=1).as_json())
    finally:
        await database.close()
