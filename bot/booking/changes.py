"""What a change makes of a booking, and the event that remembers it. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.booking.model import Booking, BookingChanged, BookingEvent, Status, VisitTime
from bot.booking.transitions import Actor
from bot.errors import BotError

WISH = "change"
TIMED = frozenset({Status.PROPOSED, Status.CONFIRMED})


class TimeNeeded(BotError):
    """A proposal or a confirmation without a time to come, or a time where none belongs."""

    code = "time_needed"
    status = 422


@dataclass(frozen=True)
class Change:
    """A change as somebody makes it.

    Attributes:
        to: The new status; None for a wish, which leaves it.
        by: Who makes it.
        at: When; aware.
        detail: More about it, such as somebody's words.
        time: The proposed or agreed time after it.
    """

    to: Status | None
    by: Actor
    at: datetime
    detail: Mapping[str, Any]
    time: VisitTime | None = None


def changed(booking: Booking, change: Change) -> tuple[Booking, BookingEvent]:
    """The booking after a change, and the event; whether it is allowed was checked before."""
    new = change.to or booking.status
    time = change.time
    after = replace(
        booking,
        status=new,
        updated_at=change.at,
        version=booking.version + 1,
        starts_at=time.start if time else None,
        minutes=time.minutes if time else None,
    )
    detail = dict(change.detail)
    if new in TIMED and time is not None and change.to is not None:
        detail |= {"starts_at": time.start.isoformat(), "minutes": time.minutes}
    name = change.to.value if change.to else WISH
    return after, BookingEvent(change.at, str(change.by), name, detail, booking.status, new)


def needed_time(
    booking: Booking, to: Status, given: VisitTime | None, now: datetime
) -> VisitTime | None:
    """The time that a booking has after a change by staff.

    Raises:
        TimeNeeded: when one is missing, has passed, or does not belong there.
    """
    if to not in TIMED:
        if given is not None:
            raise TimeNeeded(f"A request that becomes {to.value} has no time.")
        return booking.time
    time = given or (booking.time if to is Status.CONFIRMED else None)
    if time is None:
        raise TimeNeeded("A time is needed.", remedy="Give one with --at.")
    if time.start <= now:
        raise TimeNeeded("That time has passed.", remedy="Give one that is still to come.")
    return time


def check_version(booking: Booking, version: int | None) -> None:
    """Makes sure that a booking is as it was when somebody decided on it.

    Args:
        booking: As it is now.
        version: Of the booking that was looked at; None: any.

    Raises:
        BookingChanged: when it has another version.
    """
    if version is not None and version != booking.version:
        raise BookingChanged(
            "Somebody else changed this request.", remedy="Look at it and decide again."
        )
