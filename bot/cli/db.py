"""Bring the database up to date, say where it stands, encrypt it, or delete what is over."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot.cli.operator import UNSETTLED, account
from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("migrate", help="upgrade to the newest revision").set_defaults(act=_migrate)
    actions.add_parser("status", help="whether it is up to date").set_defaults(act=_status)
    purge = actions.add_parser("purge", help="delete what is past its retention window")
    purge.add_argument("--now", metavar="ISO", help="as if it were then")
    purge.set_defaults(act=_purge)
    says = "encrypt what is in the clear or under an older key with the newest key"
    actions.add_parser("seal", help=says).set_defaults(act=_seal)


def run(arguments: argparse.Namespace) -> int:
    """Works on the database of the settings."""
    return int(asyncio.run(arguments.act(Settings.from_env(), arguments)))


async def _migrate(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.storage.migrate import migrate

    await migrate(settings.database_url)
    return 0


async def _status(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.storage.migrate import current, is_current

    url = settings.database_url
    up_to_date = await is_current(url)
    revision = await current(url) or "empty"
    print(f"{revision}: {'up to date' if up_to_date else 'run `bot db migrate`'}")
    return 0 if up_to_date else 1


async def _seal(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.storage.database import Database
    from bot.storage.migrate import migrate
    from bot.storage.sealer import Sealer

    database = Database.of(settings)
    try:
        await migrate(database)
        sealed = await Sealer(database).run()
        waiting = await Sealer(database).waiting()
    finally:
        await database.close()
    for name, number in sealed.items():
        print(f"{number:>8} {name}")
    print(f"{sum(sealed.values())} rows were encrypted with the newest key.")
    if waiting:
        print(f"{sum(waiting.values())} were written meanwhile: run it again.", file=sys.stderr)
    return 1 if waiting else 0


async def _purge(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.cli.times import moment_of
    from bot.content import ClinicProfile
    from bot.services import privacy_desk
    from bot.storage.database import Database
    from bot.storage.migrate import migrate

    now = None
    if arguments.now:
        now = moment_of(arguments.now, ClinicProfile.load(settings.clinic_profile).timezone)
    database = Database.of(settings)
    try:
        await migrate(database)
        purged = await privacy_desk(database, settings).purge(now, f"staff:{account()}")
    finally:
        await database.close()
    for name, number in purged.counts.items():
        print(f"{number:>8} {name}")
    print(f"{sum(purged.counts.values())} rows were past their time and are deleted.")
    if not purged.is_settled:
        print(UNSETTLED, file=sys.stderr)
    return 0
