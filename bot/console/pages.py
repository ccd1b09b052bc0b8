"""Fills the templates; whatever a patient wrote is escaped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.booking.told import readable_time

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """All templates, in one clinic's time zone."""

    def __init__(self, timezone: str, clock: Callable[[], datetime]) -> None:
        """Reads nothing yet.

        Args:
            timezone: The clinic's.
            clock: The present moment; aware.
        """
        self._zone = ZoneInfo(timezone)
        self._clock = clock
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters |= {
            "time": lambda moment: readable_time(moment, self._zone),
            "iso": lambda moment: moment.astimezone(self._zone).isoformat(timespec="seconds"),
            "short": self._short,
            "ago": self._ago,
        }

    def render(self, template: str, **values: Any) -> str:
        """A page as HTML."""
        return self._environment.get_template(template).render(**values)

    def _short(self, moment: datetime) -> str:
        """As in "14:05", "Tue 14:05", "24 Nov 14:05" or "24 Nov 2025"."""
        local, today = moment.astimezone(self._zone), self._clock().astimezone(self._zone)
        days = (today.date() - local.date()).days
        if days == 0:
            return f"{local:%H:%M}"
        if 0 < days < 7:  # noqa: PLR2004 - a weekday names one day of the last seven
            return f"{local:%a %H:%M}"
        if local.year == today.year:
            return f"{local.day} {local:%b %H:%M}"
        return f"{local.day} {local:%b %Y}"

    def _ago(self, moment: datetime) -> str:
        """As in "just now", "5 min ago", "3 h ago" or "2 days ago"."""
        passed = self._clock() - moment
        if passed < timedelta(minutes=1):
            return "just now"
        if passed < timedelta(hours=1):
            return f"{passed // timedelta(minutes=1)} min ago"
        if passed < timedelta(days=1):
            return f"{passed // timedelta(hours=1)} h ago"
        days = passed // timedelta(days=1)
        return f"{days} day{'s' if days > 1 else ''} ago"
