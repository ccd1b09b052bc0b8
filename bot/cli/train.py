"""Train the model, unless there is one for the present data and configuration."""

from __future__ import annotations

import argparse
import sys

from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    parser.add_argument("--force", action="store_true", help="train even when it is up to date")


def run(arguments: argparse.Namespace) -> int:
    """Trains and prints the model's path."""
    from bot.learning.train import ensure_model
    from bot.runtime import prepare

    settings = Settings.from_env()
    prepare(settings.cache_dir, settings.log_level)
    learned = settings.learned_dir
    print(ensure_model(settings.models_dir, _say, arguments.force, learned=learned))
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
