"""Let people sign in to the staff console, or shut them out."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.staff.accounts import Directory
    from bot.staff.model import User

ROLES = "reviewer, front-desk, practitioner or admin"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make a user; prints the link to enrol with")
    add.add_argument("name")
    add.add_argument("--role", required=True, help=ROLES)
    actions.add_parser("list", help="all users")
    role = actions.add_parser("role", help="make a user something else")
    role.add_argument("name")
    role.add_argument("--role", required=True, help=ROLES)
    for action, summary in (
        ("reset", "forget password and codes; prints a new link to enrol with"),
        ("disable", "shut a user out"),
        ("enable", "let a user in again"),
    ):
        actions.add_parser(action, help=summary).add_argument("name")


def run(arguments: argparse.Namespace) -> int:
    """Works on the database of the settings; needs neither server nor secret."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    from bot.staff.office import directory_of
    from bot.storage.database import Database
    from bot.storage.migrate import migrate

    settings = Settings.from_env()
    database = Database.of(settings)
    try:
        await migrate(database)
        await _act(directory_of(database), settings.public_url, arguments)
    finally:
        await database.close()
    return 0


async def _act(directory: Directory, public_url: str, arguments: argparse.Namespace) -> None:
    from bot.staff.model import SHELL
    from bot.staff.roles import role_of

    if arguments.action == "list":
        users = await directory.list()
        print(
            "\n".join(map(_line, users)) or "There are no users yet. Add one with `bot user add`."
        )
        return
    if arguments.action == "add":
        user, token = await directory.add(arguments.name, role_of(arguments.role), SHELL)
        _print_link(user, token, public_url)
        return
    user = await directory.named(arguments.name)
    if arguments.action == "reset":
        _print_link(user, await directory.reset(user, SHELL), public_url)
        return
    if arguments.action == "role":
        await directory.set_role(user, role_of(arguments.role), SHELL)
    else:
        await directory.set_disabled(user, arguments.action == "disable", SHELL)
    print(_line(await directory.get(user.id)))


def _print_link(user: User, token: str, public_url: str) -> None:
    from bot.staff.accounts import INVITED_FOR, link_to_enrol

    hours = int(INVITED_FOR.total_seconds() // 3600)
    print(f"{user.name} ({user.role.label}) enrols once, within {hours} hours, at:")
    print(link_to_enrol(public_url, token))


def _line(user: User) -> str:
    state = "disabled" if user.is_disabled else "enrolled" if user.is_enrolled else "invited"
    last = user.signed_in_at.isoformat(timespec="minutes") if user.signed_in_at else "never"
    return f"{user.name}  {user.role.value}  {state}  last signed in: {last}"
