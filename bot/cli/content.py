"""Check the answer cards and the clinic's profile, or print the red-flag table."""

from __future__ import annotations

import argparse
from datetime import date

from bot.settings import ROOT, Settings

TOPICS = ROOT / "data" / "topics.yml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("check", help="every fault in cards and profile, with its remedy")
    safety = actions.add_parser("safety", help="the red flags, for a practitioner to sign off")
    safety.add_argument("--table", action="store_true", help="the table (the only form there is)")


def run(arguments: argparse.Namespace) -> int:
    """Prints faults and fails when there is one; or prints the table."""
    settings = Settings.from_env()
    return _check(settings) if arguments.action == "check" else _safety(settings)


def _check(settings: Settings) -> int:
    from bot.content.checks import check_content

    problems = check_content(settings.answers_dir, settings.clinic_profile, TOPICS, date.today())
    for problem in problems:
        print(problem)
    print(f"{len(problems)} faults in the content." if problems else "The content is in order.")
    return 1 if problems else 0


def _safety(settings: Settings) -> int:
    from bot.safety import Gate, render_table

    print(render_table(Gate.load(settings.safety_dir)))
    return 0
