"""List booking requests, or show one."""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.booking import Booking, BookingService


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="all requests, newest first")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    show = actions.add_parser("show", help="one request with what happened to it")
    show.add_argument("reference")
    show.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Reads the database of the settings; needs neither server nor model."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    from bot.booking import BookingService
    from bot.storage.bookings import BookingRepository
    from bot.storage.database import Database
    from bot.storage.migrate import migrate

    database = Database(Settings.from_env().database_url)
    try:
        await migrate(database)
        service = BookingService(BookingRepository(database))
        if arguments.action == "list":
            return await _list(service, arguments.json)
        return await _show(service, arguments.reference, arguments.json)
    finally:
        await database.close()


async def _list(service: BookingService, as_json: bool) -> int:
    bookings = await service.list()
    for booking in bookings:
        print(_json(booking) if as_json else _line(booking))
    if not bookings and not as_json:
        print("There are no booking requests yet.")
    return 0


async def _show(service: BookingService, reference: str, as_json: bool) -> int:
    booking = await service.get(reference)
    events = await service.events(booking.reference)
    if as_json:
        row = asdict(booking) | {"events": [asdict(event) for event in events]}
        print(json.dumps(row, ensure_ascii=False, default=_plain))
        return 0
    for name, value in asdict(booking).items():
        print(f"{name:<16}{_plain(value) if value is not None else '-'}")
    for event in events:
        print(f"{event.at.isoformat(timespec='seconds')}  {event.actor}: {event.change}")
    return 0


def _line(booking: Booking) -> str:
    contact = booking.phone or booking.email or "-"
    when = booking.created_at.isoformat(timespec="minutes")
    parts = (booking.reference, booking.status.value, when, booking.name, contact)
    return "  ".join((*parts, booking.preferred, booking.reason))


def _json(booking: Booking) -> str:
    return json.dumps(asdict(booking), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    iso = getattr(value, "isoformat", None)
    return str(iso() if iso else getattr(value, "value", value))
