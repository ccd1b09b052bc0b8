"""How long somebody has waited, counted while the clinic is open. Pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.content import ClinicProfile

# A clinic that is shut for longer has no hours that one could count.
LOOK_AHEAD_DAYS = 60


def due_at(profile: ClinicProfile, start: datetime, minutes: int) -> datetime:
    """The moment at which the clinic has been open for so long since another moment.

    Args:
        profile: Tells hours, closures and holidays. Where it states no hours, or no opening is
            near, minutes are minutes.
        start: Aware.
        minutes: How long.
    """
    zone, left = ZoneInfo(profile.timezone), timedelta(minutes=minutes)
    first = start.astimezone(zone).date()
    for ahead in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=ahead)
        opening = profile.opening_on(day)
        if opening is None:
            continue
        # In UTC, where an hour is an hour on the days on which clocks change too.
        opens = _moment(datetime.combine(day, opening.opens, zone))
        closes = _moment(datetime.combine(day, opening.closes, zone))
        begins = max(opens, _moment(start))
        if begins >= closes:
            continue
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return _moment(start) + timedelta(minutes=minutes)


def _moment(at: datetime) -> datetime:
    return at.astimezone(timezone.utc)
