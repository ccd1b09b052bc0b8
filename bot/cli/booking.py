"""List booking requests, show or export them, or carry one on."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.cli.times import BadTime, moment_of
from bot.errors import BotError
from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.booking import Booking, BookingService, Status, VisitTime
    from bot.content import ClinicProfile

# Each action of the staff, its help, and the status it leads to.
MOVES = {
    "seen": ("somebody looked at it; the patient is not told", "seen"),
    "propose": ("offer the patient a time", "proposed"),
    "confirm": ("agree on the proposed time, or on another", "confirmed"),
    "decline": ("the clinic has no time for it", "declined"),
    "cancel": ("call it off", "cancelled"),
}
TIMED = {"propose", "confirm"}
# By their files' names: importing them takes longer than all other help.
FORMATS = sorted(p.stem for p in (ROOT / "bot/booking/formats").glob("[a-z]*.py"))


class ClosedThen(BotError):
    """The clinic is closed at the time that is to be proposed or confirmed."""

    code = "closed_then"
    status = 422


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the verb's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="all requests, newest first")
    listing.add_argument("--status", help="only those that are, for example, received")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    show = actions.add_parser("show", help="one request with what happened to it")
    show.add_argument("reference")
    show.add_argument("--json", action="store_true", help="as JSON")
    _add_export(actions.add_parser("export", help="write requests for another program"))
    for name, (summary, _) in MOVES.items():
        _add_move(actions.add_parser(name, help=summary), name)
    expire = actions.add_parser("expire", help="close what nobody answered in time")
    expire.add_argument("--now", metavar="ISO", help="as if it were then")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", nargs="?", help="only this one")
    parser.add_argument("--status", help="only those that are, for example, received")
    forms = parser.add_mutually_exclusive_group(required=True)
    for name in FORMATS:
        forms.add_argument(f"--{name}", dest="form", action="store_const", const=name)


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the history must say who it was")
    return text


def _add_move(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("reference")
    parser.add_argument("--by", metavar="NAME", type=_name, required=True, help="who decides")
    parser.add_argument(
        "--words", default="", help="for the history; the patient does not read them"
    )
    parser.add_argument("--version", type=int, help="of the request as it was looked at")
    if name in TIMED:
        is_needed = name == "propose"
        parser.add_argument(
            "--at", metavar="ISO", required=is_needed, help="the clinic's time, 2026-12-04T10:00"
        )
        parser.add_argument("--minutes", type=int, required=is_needed, help="how long it takes")
        parser.add_argument(
            "--anyway", action="store_true", help="even when the clinic is closed at that time"
        )


def run(arguments: argparse.Namespace) -> int:
    """Works on the database of the settings; needs neither server nor model."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    from bot.content import ClinicProfile
    from bot.services import booking_service
    from bot.storage.bookings import BookingRepository
    from bot.storage.database import Database
    from bot.storage.migrate import migrate

    settings = Settings.from_env()
    profile = ClinicProfile.load(settings.clinic_profile)
    database = Database.of(settings)
    try:
        await migrate(database)
        repository = BookingRepository(database)
        service = booking_service(repository, profile, settings)
        return await _act(service, profile, arguments)
    finally:
        await database.close()


async def _act(
    service: BookingService, profile: ClinicProfile, arguments: argparse.Namespace
) -> int:
    if arguments.action == "list":
        return await _list(service, arguments)
    if arguments.action == "show":
        return await _show(service, arguments.reference, arguments.json)
    if arguments.action == "export":
        return await _export(service, profile, arguments)
    if arguments.action == "expire":
        now = moment_of(arguments.now, profile.timezone) if arguments.now else profile.now()
        print(f"{await service.expire(now)} closed.")
        return 0
    return await _move(service, profile, arguments)


async def _move(
    service: BookingService, profile: ClinicProfile, arguments: argparse.Namespace
) -> int:
    from bot.booking import Status, staff

    time = _time(arguments, profile.timezone)
    if time is not None and not arguments.anyway:
        _check_open(time, profile)
    booking = await service.move(
        arguments.reference,
        Status(MOVES[arguments.action][1]),
        staff(arguments.by),
        time=time,
        text=arguments.words,
        version=arguments.version,
    )
    print(_line(booking))
    return 0


def _time(arguments: argparse.Namespace, zone: str) -> VisitTime | None:
    from bot.booking import VisitTime

    at, minutes = getattr(arguments, "at", None), getattr(arguments, "minutes", None)
    if at is None:
        return None
    if minutes is None or minutes <= 0:
        raise BadTime("A time needs its length.", remedy="Give it with --minutes.")
    return VisitTime(moment_of(at, zone), minutes)


def _check_open(time: VisitTime, profile: ClinicProfile) -> None:
    """Makes sure that the clinic is open from the start to the end of a visit, if it says when.

    Raises:
        ClosedThen: names the day and its hours.
    """
    zone = ZoneInfo(profile.timezone)
    start, end = time.start.astimezone(zone), time.end.astimezone(zone)
    if profile.hours is None:
        return
    opening = profile.opening_on(start.date())
    day = f"{start:%A} {start.day} {start:%B %Y}"
    remedy = "Choose another time, or repeat it with --anyway."
    if opening is None:
        raise ClosedThen(f"The clinic is closed on {day}.", remedy=remedy)
    is_inside = opening.opens <= start.time() and end.time() <= opening.closes
    if not is_inside or end.date() != start.date():
        hours = f"{opening.opens:%H:%M} to {opening.closes:%H:%M}"
        raise ClosedThen(f"On {day} the clinic is open from {hours}.", remedy=remedy)


async def _export(
    service: BookingService, profile: ClinicProfile, arguments: argparse.Namespace
) -> int:
    from bot.booking.formats import format_of

    form = format_of(arguments.form, profile)
    if arguments.reference is None:
        found = await service.list(_status(arguments.status))
        sys.stdout.write(form.write([booking for booking in found if form.takes(booking)]))
        return 0
    booking = await service.get(arguments.reference)
    if not form.takes(booking):
        raise BotError(f"A request that is {booking.status.value} has no form in {arguments.form}.")
    sys.stdout.write(form.write_one(booking))
    return 0


def _status(name: str | None) -> Status | None:
    from bot.booking import Status

    known = [status.value for status in Status]
    if name not in {None, *known}:
        raise BotError("There is no such status.", remedy=f"Use one of: {', '.join(known)}.")
    return Status(name) if name else None


async def _list(service: BookingService, arguments: argparse.Namespace) -> int:
    bookings = await service.list(_status(arguments.status))
    for booking in bookings:
        print(_json(booking) if arguments.json else _line(booking))
    if not bookings and not arguments.json:
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
        words = event.detail.get("text") or ""
        print(f"{event.at.isoformat(timespec='seconds')}  {event.actor}: {event.change}  {words}")
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
