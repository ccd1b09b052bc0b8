"""Read the review queue; export what was learned, train on it, promote or roll back."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.operator import account
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.learning.office import Learning

# Training beside a server leaves the processor to the patients.
NICENESS = 10
SHOWN = 20
# What a shell says of a command that was asked to end.
STOPPED = 143


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    queue = actions.add_parser("list", help="what waits for review, most telling first; redacted")
    queue.add_argument("--limit", type=int, default=SHOWN, help="how many to show")
    queue.set_defaults(act=_list)
    export = actions.add_parser("export", help="what was taught, as a diff of data/")
    export.add_argument("--write", action="store_true", help="change the files, to be looked over")
    export.set_defaults(act=_export)
    train = actions.add_parser("train", help="train a candidate and compare it with the model")
    train.add_argument("--run", type=int, dest="number", help=argparse.SUPPRESS)
    train.set_defaults(act=_train)
    promote = actions.add_parser(
        "promote", help="have a candidate answer, the last one if not said"
    )
    promote.add_argument(
        "number", type=int, nargs="?", metavar="RUN", help="number of the training"
    )
    promote.set_defaults(act=_promote)
    rollback = actions.add_parser("rollback", help="go back to the former model")
    rollback.set_defaults(act=_rollback)
    for changing in (train, promote, rollback):
        changing.add_argument("--by", default="", help="who does it; else the account's name")


def run(arguments: argparse.Namespace) -> int:
    """Works on the database and the folders of the settings; a running server notices."""
    settings = Settings.from_env()
    if arguments.action == "train":
        from bot.runtime import prepare

        prepare(settings.cache_dir, settings.log_level)
        if arguments.number is not None:
            os.nice(NICENESS)
    try:
        return asyncio.run(_run(settings, arguments))
    except asyncio.CancelledError:
        return STOPPED


async def _run(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.learning.office import Learning
    from bot.safety import Gate
    from bot.storage.database import Database
    from bot.storage.migrate import migrate

    database = Database.of(settings)
    try:
        await migrate(database)
        learning = Learning.of(database, settings, Gate.load(settings.safety_dir))
        return int(await arguments.act(learning, settings, arguments))
    finally:
        await database.close()


async def _list(learning: Learning, settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.storage.types import utc_now

    numbers = await learning.queue.ranked(utc_now())
    for number in numbers[: arguments.limit]:
        item = await learning.queue.get(number)
        kinds = ",".join(kind.value for kind in item.kinds)
        print(f"{number}  {kinds}  {' '.join(item.turn.text.split())}")
    total = sum((await learning.queue.counts()).values())
    print(f"{total} messages wait for review." if total else "Nothing waits for review.")
    return 0


async def _export(learning: Learning, settings: Settings, arguments: argparse.Namespace) -> int:
    changes = learning.desk.changes(await learning.desk.lessons())
    if not changes:
        print("Nothing was taught that the files do not have.", file=sys.stderr)
        return 0
    for change in changes:
        if arguments.write:
            path = learning.desk.path_of(change)
            path.write_text(change.after, encoding="utf-8")
            print(f"Changed {path}")
        else:
            print(change.diff, end="")
    return 0


async def _train(learning: Learning, settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.learning.asking import Asking
    from bot.learning.run import TrainAndCompare
    from bot.learning.training_process import train_beside

    # Nothing that is asked here may meet what patients ask.
    alone = settings.copy(update={"redis_url": None})

    async def opened(model: Path) -> Asking:
        return await Asking.open(alone, model=model)

    task = TrainAndCompare(
        settings,
        learning.desk,
        learning.runs,
        learning.keeper,
        train=train_beside,
        open_model=opened,
        echo=_say,
    )
    number = arguments.number or await learning.runs.start(_by(arguments))
    if (mine := asyncio.current_task()) is not None:
        # A server that stops ends its training, whose row then says so before the process goes.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, mine.cancel)
    report = await task.run(number)
    for words in report.refusals:
        print(words)
    for score in report.scores:
        print(
            f"{score.kind:<10}{score.count:6}  right {score.old_right} -> {score.new_right}, "
            f"wrong {score.old_wrong} -> {score.new_wrong}"
        )
    print(f"{report.changed} answers would change.")
    print(
        "Not to be promoted." if report.refusals else f"`bot review promote {number}` promotes it."
    )
    return 1 if report.refusals else 0


async def _promote(learning: Learning, settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.learning.promotion import NotPromoted

    latest = await learning.runs.latest()
    number = arguments.number or (latest.id if latest else None)
    if number is None:
        raise NotPromoted("Nothing was trained yet.", remedy="Run `bot review train`.")
    await learning.keeper.promote(number, _by(arguments))
    print(f"{learning.keeper.present()} is promoted; a running server takes it up by itself.")
    return 0


async def _rollback(learning: Learning, settings: Settings, arguments: argparse.Namespace) -> int:
    model = await learning.keeper.rollback(_by(arguments))
    print(f"{model} is back; a running server takes it up by itself.")
    return 0


def _by(arguments: argparse.Namespace) -> str:
    return str(arguments.by or f"shell: {account()}")[:64]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
