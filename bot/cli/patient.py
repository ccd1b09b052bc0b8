"""Export all that is kept on one patient, or erase it everywhere."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.operator import UNSETTLED, account
from bot.errors import BotError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.privacy import Export, PatientId, PrivacyDesk

ID = (
    "a phone number in any usual form, an email address, a Messenger id, or a web session: its "
    "token or the conversation's id"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    export = actions.add_parser("export", help="everything kept on a patient, as JSON")
    export.add_argument("--out", type=Path, metavar="FILE", help="a new file instead of the screen")
    export.set_defaults(act=_export)
    erase = actions.add_parser("erase", help="delete everything kept on a patient")
    erase.add_argument(
        "--force", action="store_true", help="also when a confirmed visit is still to come"
    )
    erase.set_defaults(act=_erase)
    for action in (export, erase):
        action.add_argument("id", metavar="ID", help=ID)
        action.add_argument(
            "--by", metavar="NAME", help="who does it, for the log; your account when left out"
        )


def run(arguments: argparse.Namespace) -> int:
    """Works on the database of the settings; needs neither server nor model."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    from bot.privacy import read_patient_id
    from bot.services import privacy_desk
    from bot.storage.database import Database
    from bot.storage.migrate import migrate

    settings = Settings.from_env()
    who = read_patient_id(arguments.id, lambda token: _conversation_of(token, settings))
    database = Database.of(settings)
    try:
        await migrate(database)
        await arguments.act(privacy_desk(database, settings), who, arguments)
    finally:
        await database.close()
    return 0


def _conversation_of(token: str, settings: Settings) -> str:
    from bot.guard.refusals import Unauthorized
    from bot.guard.sessions import Sessions

    sessions = Sessions(settings.require_secret(), timedelta(days=settings.session_days))
    try:
        return sessions.once_named_by(token)
    except Unauthorized:
        raise BotError(
            "This server did not sign this session token.",
            remedy="Set the SECRET_KEY it was signed with, or give the conversation's id.",
        ) from None


async def _export(desk: PrivacyDesk, who: PatientId, arguments: argparse.Namespace) -> None:
    # Before anything is logged as exported.
    target = _new_file(arguments.out) if arguments.out else None
    try:
        export = await desk.export(who, _staff(arguments.by))
    except BotError:
        if target is not None:
            arguments.out.unlink()
        raise
    written = json.dumps(_document(export, who), ensure_ascii=False, indent=2) + "\n"
    if target is None:
        print(written, end="")
        return
    with os.fdopen(target, "w", encoding="utf-8") as file:
        file.write(written)
    print(f"{_counted(export.counts)} written to {arguments.out}.")


def _document(export: Export, who: PatientId) -> dict[str, Any]:
    from bot.storage.types import utc_now

    named = {"phone": who.phone, "email": who.email, "conversations": list(who.conversations)}
    return {
        "format": "patient-faq-export/1",
        "exported_at": utc_now().isoformat(timespec="seconds"),
        "patient": named,
        "notes": list(export.notes),
        "counts": export.counts,
        **export.sections,
    }


def _new_file(path: Path) -> int:
    """Opens a file that only this user may read and that was not there before."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BotError(
            f"{path} cannot be made ({error.strerror}).", remedy="Name a new file with --out."
        ) from None


async def _erase(desk: PrivacyDesk, who: PatientId, arguments: argparse.Namespace) -> None:
    erased = await desk.erase(who, _staff(arguments.by), force=arguments.force)
    print(f"Erased: {_counted(erased.counts)}.")
    for kept in erased.kept:
        print(f"Kept: {kept.count} {kept.section}. {kept.reason}")
    for note in erased.notes:
        print(note)
    if not erased.is_settled:
        print(UNSETTLED, file=sys.stderr)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing"


def _staff(name: str | None) -> str:
    from bot.booking import staff

    return str(staff((name or "").strip() or account()))
