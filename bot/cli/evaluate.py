"""Score labelled messages: table, confusions, and a bar to pass."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SettingError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.learning.evaluation import Case


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    parser.add_argument("files", nargs="+", type=Path, help='JSONL of {"text", "expect"}')
    parser.add_argument("--min-accuracy", type=float, default=0.0, help="fail below this share")
    parser.add_argument("--show", type=int, default=20, help="mistakes and confusions to list")
    parser.add_argument("--html", type=Path, help="write the confusion matrix to this page as well")


def run(arguments: argparse.Namespace) -> int:
    """Prints one table over all files."""
    from bot.runtime import prepare

    settings = Settings.from_env()
    prepare(settings.cache_dir, "ERROR")
    from bot.learning.evaluation import read_cases

    cases = [case for path in arguments.files for case in read_cases(path)]
    if not cases and arguments.min_accuracy > 0:
        named = ", ".join(map(str, arguments.files))
        raise SettingError(
            f"There is no message in {named}, so nothing reaches --min-accuracy.",
            remedy="Give labelled messages.",
        )
    return asyncio.run(_evaluate(settings, arguments, cases))


async def _evaluate(settings: Settings, arguments: argparse.Namespace, cases: list[Case]) -> int:
    from bot.learning.asking import Asking
    from bot.learning.evaluation import Report

    asking = await Asking.open(settings)
    try:
        report = Report([(case, await asking.ask(case.text, case.before)) for case in cases])
    finally:
        await asking.close()
    print(report.render(arguments.show))
    if arguments.html:
        from bot.learning.confusion_page import confusion_page

        arguments.html.write_text(confusion_page(report), encoding="utf-8")
    return 0 if report.accuracy >= arguments.min_accuracy else 1
