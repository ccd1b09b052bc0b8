"""The clinic's own facts, read from one file; what the clinic did not state stays unset."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError, root_validator, validator

from bot.content.emergency_numbers import EmergencyNumbers
from bot.content.errors import ContentError
from bot.content.opening_hours import Opening, WeeklyHours
from bot.content.yaml_file import faults, read_mapping

LOOK_AHEAD_DAYS = 60
# Who answers later than within a working day does not answer "within minutes".
LONGEST_ANSWER_MINUTES = 480
# The clinic's own booking page; the blanks are filled for one request.
SCHEDULER = re.compile(r"https://[\w.-]+(?::\d+)?(?:[/?#](?:[^\s<>\"{}]|\{reference\}|\{day\})*)?")
PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")


class Fee(BaseModel):
    """One priced service, for example ``First visit`` at ``$110``."""

    service: str
    price: str

    class Config:
        frozen = True
        extra = "forbid"


class Practitioner(BaseModel):
    """A person who treats, as the clinic wants them named to patients."""

    name: str
    credentials: str

    class Config:
        frozen = True
        extra = "forbid"


class ClinicProfile(BaseModel):
    """Facts about one clinic.

    Only the name and the phone number must be given, since every "the clinic will tell you" needs
    a place to ask. Everything else may be left out and is then None: no answer invents it.
    """

    demo: bool = False
    name: str
    phone: str
    email: str | None = None
    area: str | None = None
    address: str | None = None
    parking: str | None = None
    transit: str | None = None
    wheelchair_access: str | None = None
    timezone: str = "America/Edmonton"
    province: str = "AB"
    hours: WeeklyHours | None = None
    closed_on_statutory_holidays: bool | None = None
    closures: tuple[date, ...] = ()
    practitioners: tuple[Practitioner, ...] | None = None
    registration: str | None = None
    fees: tuple[Fee, ...] | None = None
    payment_methods: tuple[str, ...] | None = None
    direct_billing_insurers: tuple[str, ...] | None = None
    receipts: str | None = None
    referral: str | None = None
    cancellation_policy: str | None = None
    privacy_contact: str | None = None
    scheduler_url: str | None = None
    person_minutes: int | None = None
    shows_staff_names: bool = False
    emergency_numbers: EmergencyNumbers = None  # type: ignore[assignment]

    class Config:
        frozen = True
        extra = "forbid"
        anystr_strip_whitespace = True
        min_anystr_length = 1

    @classmethod
    def load(cls, path: Path) -> ClinicProfile:
        """Reads the profile file.

        Raises:
            ContentError: names the file, each wrong fact and what it must be.
        """
        try:
            return cls(**read_mapping(path))
        except ValidationError as error:
            raise ContentError(
                f"{path}: {'; '.join(faults(error))}.",
                remedy="Correct the clinic profile; leave out what the clinic has not stated.",
            ) from None

    @validator("timezone")
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone such as America/Edmonton") from None
        return value

    @validator("province")
    def _known_province(cls, value: str) -> str:
        if value not in PROVINCES:
            raise ValueError(f"must be one of {', '.join(PROVINCES)}")
        return value

    @validator("scheduler_url")
    def _a_web_address(cls, value: str) -> str:
        if SCHEDULER.fullmatch(value) is None:
            raise ValueError(
                "must be an address such as https://clinic.example/book; it may have {reference} "
                "and {day} in it"
            )
        return value

    @validator("person_minutes")
    def _within_a_day(cls, value: int | None) -> int | None:
        if value is not None and not 0 < value <= LONGEST_ANSWER_MINUTES:
            raise ValueError(f"must be 1 to {LONGEST_ANSWER_MINUTES} minutes")
        return value

    @root_validator(skip_on_failure=True)
    def _numbers(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["emergency_numbers"] is None:
            values["emergency_numbers"] = EmergencyNumbers.of_province(values["province"])
        return values

    def now(self) -> datetime:
        """The current time at the clinic."""
        return datetime.now(ZoneInfo(self.timezone))

    def is_closure(self, day: date) -> bool:
        """Whether the clinic is shut that day, whatever its usual hours say."""
        if day in self.closures:
            return True
        shut = bool(self.closed_on_statutory_holidays)
        return shut and day in _statutory_holidays(self.province, day.year)

    def opening_on(self, day: date) -> Opening | None:
        """The opening on a date; None when the clinic is shut or has not stated its hours."""
        if self.hours is None or self.is_closure(day):
            return None
        return self.hours.on(day)

    def is_open(self, moment: datetime) -> bool | None:
        """Whether the clinic is open; None when it has not stated its hours.

        Args:
            moment: A time with its zone.
        """
        if self.hours is None:
            return None
        local = moment.astimezone(ZoneInfo(self.timezone))
        opening = self.opening_on(local.date())
        return opening is not None and opening.opens <= local.time() < opening.closes

    def next_opening(self, moment: datetime) -> datetime | None:
        """When the clinic next opens its doors after a moment.

        Args:
            moment: A time with its zone.

        Returns:
            The opening in the clinic's time zone; None when hours are unset or none is near.
        """
        zone = ZoneInfo(self.timezone)
        local = moment.astimezone(zone)
        for ahead in range(LOOK_AHEAD_DAYS):
            day = local.date() + timedelta(days=ahead)
            opening = self.opening_on(day)
            if opening and (at := datetime.combine(day, opening.opens, zone)) > local:
                return at
        return None


@lru_cache(maxsize=64)
def _statutory_holidays(province: str, year: int) -> frozenset[date]:
    # Imported late: it takes a quarter of a second, and most commands never ask for a holiday.
    import holidays

    return frozenset(holidays.country_holidays("CA", subdiv=province, years=year))
