"""Bring the database up to date, or say where it stands."""

from __future__ import annotations

import argparse
import asyncio

from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("migrate", help="upgrade to the newest revision")
    actions.add_parser("status", help="whether it is up to date")


def run(arguments: argparse.Namespace) -> int:
    """Works on the database of the settings."""
    from bot.storage.migrate import current, is_current, migrate

    url = Settings.from_env().database_url
    if arguments.action == "migrate":
        asyncio.run(migrate(url))
        return 0
    up_to_date = asyncio.run(is_current(url))
    revision = asyncio.run(current(url)) or "empty"
    print(f"{revision}: {'up to date' if up_to_date else 'run `bot db migrate`'}")
    return 0 if up_to_date else 1
