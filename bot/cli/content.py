"""Check the answer cards, trace their sentences to their sources, print the red-flag table."""

from __future__ import annotations

import argparse
from datetime import date

from bot.settings import ROOT, Settings

TOPICS = ROOT / "data" / "topics.yml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="every fault in cards and profile, with its remedy")
    check.add_argument("--grades", action="store_true", help="also how hard each card is to read")
    check.set_defaults(act=_check)
    trace = actions.add_parser("trace", help="what each sentence of the cards stands on")
    trace.add_argument("ids", nargs="*", metavar="ID", help="cards to trace; all when left out")
    trace.set_defaults(act=_trace)
    safety = actions.add_parser("safety", help="the red flags, for a practitioner to sign off")
    safety.add_argument("--table", action="store_true", help="the table (the only form there is)")
    safety.set_defaults(act=_safety)


def run(arguments: argparse.Namespace) -> int:
    """Prints faults and fails when there is one; or prints one of the two tables."""
    return int(arguments.act(arguments, Settings.from_env()))


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.content.card_file import awaiting_approval, draft_notices, read_cards
    from bot.content.checks import check_content
    from bot.content.reading_level import grade_table

    if arguments.grades:
        print(grade_table(settings.answers_dir))
    problems = check_content(settings.answers_dir, settings.clinic_profile, TOPICS, date.today())
    for problem in problems:
        print(problem)
    if not problems:
        waiting = awaiting_approval(read_cards(settings.answers_dir))
        for notice in (*waiting, *draft_notices(settings.answers_dir)):
            print(notice)
    print(f"{len(problems)} faults in the content." if problems else "The content is in order.")
    return 1 if problems else 0


def _trace(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.content.trace import trace

    print(trace(settings.answers_dir, TOPICS, arguments.ids))
    return 0


def _safety(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.safety import Gate, render_table

    print(render_table(Gate.load(settings.safety_dir)))
    return 0
