"""A week of visits, day by day, with the clinic's hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sanic.response import HTTPResponse

from bot.booking import Booking
from bot.console.routes import NothingHere, Route
from bot.console.visit import Visit
from bot.staff.roles import Permission
from bot.storage.booking_pages import BookingPages

DAYS = 7
# No calendar of a clinic reaches further, and Python's own years end at 9999.
FIRST, LAST = date(2000, 1, 3), date(2100, 1, 4)


@dataclass(frozen=True)
class Day:
    """One day.

    Attributes:
        date: Which.
        hours: When the clinic is open; empty when it is shut or has not stated its hours.
        is_shut: Whether it is known to be shut.
        is_today: Whether it is today.
        visits: That begin on it, earliest first.
    """

    date: date
    hours: str
    is_shut: bool
    is_today: bool
    visits: tuple[Booking, ...]


async def show(visit: Visit) -> HTTPResponse:
    """The week that a day is in; this week without one."""
    profile = visit.desk.profile
    today = profile.now().date()
    monday = _monday(visit.query.get("day"), today)
    zone = ZoneInfo(profile.timezone)
    dates = [monday + timedelta(days=n) for n in range(DAYS)]
    found = await BookingPages(visit.desk.services.database).between(
        _midnight(monday, zone), _midnight(monday + timedelta(days=DAYS), zone)
    )
    days = []
    for day in dates:
        opening = profile.opening_on(day)
        on_it = tuple(
            b for b in found if b.starts_at and b.starts_at.astimezone(zone).date() == day
        )
        is_shut = profile.hours is not None and opening is None
        days.append(Day(day, str(opening or ""), is_shut, day == today, on_it))
    return visit.page(
        "week.html",
        days=days,
        zone=zone,
        before=monday - timedelta(days=DAYS) if monday > FIRST else None,
        after=monday + timedelta(days=DAYS) if monday < LAST - timedelta(days=DAYS) else None,
    )


def _monday(text: str | None, today: date) -> date:
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise NothingHere from None
    if not FIRST <= day < LAST:
        raise NothingHere
    return day - timedelta(days=day.weekday())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


ROUTES = (Route("GET", "/bookings/week", Permission.BOOKINGS, show),)
