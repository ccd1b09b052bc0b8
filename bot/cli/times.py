"""Times as they are typed on a command line; no verb of its own."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import BotError

YEARS = range(1900, 9000)


class BadTime(BotError):
    """A time on the command line cannot be read."""

    code = "bad_time"
    status = 422


def moment_of(text: str, zone: str) -> datetime:
    """An ISO time; without a zone of its own, in the clinic's.

    Raises:
        BadTime: when it is none.
    """
    try:
        # Python reads the Z of UTC only from 3.11 on.
        moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip()))
    except ValueError:
        moment = None
    # Within these years a few more or less, and any zone, still give a time.
    if moment is None or moment.year not in YEARS:
        raise BadTime("This is no time.", remedy="Write it as 2026-12-04T10:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
