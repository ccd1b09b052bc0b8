"""The weekly opening hours of a clinic, and how they read to a patient."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import groupby
from typing import Any

from pydantic import BaseModel, root_validator, validator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"
SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class Opening(BaseModel):
    """One stretch of a day, in the clinic's local time; open at ``opens``, shut at ``closes``."""

    opens: time
    closes: time

    class Config:
        frozen = True

    @root_validator(skip_on_failure=True)
    def _forward(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["opens"] >= values["closes"]:
            raise ValueError("must open before it closes")
        return values

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


class WeeklyHours(BaseModel):
    """Seven days, each ``"9:00-19:00"`` or ``closed``; none may be left to guess."""

    mon: Opening | None
    tue: Opening | None
    wed: Opening | None
    thu: Opening | None
    fri: Opening | None
    sat: Opening | None
    sun: Opening | None

    class Config:
        frozen = True
        extra = "forbid"

    @root_validator(pre=True)
    def _every_day(cls, values: dict[str, Any]) -> dict[str, Any]:
        absent = [day for day in DAYS if values.get(day) is None]
        if absent:
            raise ValueError(f"{', '.join(absent)} not given; write hours or `{CLOSED}`")
        return values

    @validator(*DAYS, pre=True)
    def _parse(cls, value: object) -> object:
        return None if value == CLOSED else _opening(value)

    def on(self, day: date) -> Opening | None:
        """The usual opening on that weekday; None when the clinic is shut all day."""
        opening: Opening | None = getattr(self, DAYS[day.weekday()])
        return opening

    def __str__(self) -> str:
        """Such as ``Mon-Fri 9:00-19:00, Sat 10:00-15:00, Sun closed``."""
        week = [(day.capitalize(), str(getattr(self, day) or CLOSED)) for day in DAYS]
        runs = [[day for day, _ in run] for _, run in groupby(week, key=lambda pair: pair[1])]
        hours = [span for span, _ in groupby(week, key=lambda pair: pair[1])]
        return ", ".join(f"{_run(run)} {span}" for run, span in zip(runs, hours, strict=True))


def _opening(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = SPAN.fullmatch(value.strip())
    if found is None:
        raise ValueError(f'must read like "9:00-19:00" or `{CLOSED}`')
    hour, minute, end_hour, end_minute = map(int, found.groups())
    return Opening(opens=time(hour, minute), closes=time(end_hour, end_minute))


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def _run(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
