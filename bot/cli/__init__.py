"""The ``bot`` command: one file a verb.

Importing this package is cheap on purpose: ``bot --help`` answers without Rasa. Each verb imports
what it needs when it runs.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from bot.errors import BotError

VERBS = (
    *("serve", "train", "ask", "evaluate", "content", "review", "booking", "patient"),
    *("channel", "user", "db", "doctor"),
)
FAULT = 1


def main(argv: list[str] | None = None) -> int:
    """Runs a verb.

    Returns:
        0 when all is well; 1 for a fault, said on standard error with its remedy; 2 for wrong use.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except BotError as error:
        print(f"bot {arguments.verb}: {error}", file=sys.stderr)
        return FAULT
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; nothing more to say to it.
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bot",
        description="Answers an acupuncture clinic's patients in words the clinic approved.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in VERBS:
        module = import_module(f"bot.cli.{verb}")
        summary = (module.__doc__ or "").splitlines()[0]
        command = verbs.add_parser(verb, help=summary, description=summary)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
