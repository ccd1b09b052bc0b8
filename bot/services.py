"""The domain services of one process, made once from the settings and shared by all its parts.

The server makes them at start; a separate action server makes its own at its first action.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.booking import BookingService
from bot.content import CardLibrary, ClinicProfile
from bot.safety import Gate
from bot.settings import Settings
from bot.storage.alerts import AlertRepository
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.inbox import InboxRepository


@dataclass(frozen=True)
class Services:
    """Everything below the channels and above the tables."""

    settings: Settings
    profile: ClinicProfile
    library: CardLibrary
    gate: Gate
    database: Database
    inbox: InboxRepository
    alerts: AlertRepository
    bookings: BookingService

    @classmethod
    def build(cls, settings: Settings, database_url: str | None = None) -> Services:
        """Reads the content and opens the database lazily.

        Args:
            settings: The process's settings.
            database_url: Another database than the settings' own, such as one in memory.

        Raises:
            BotError: names the setting or file that is wrong, and the remedy.
        """
        profile = ClinicProfile.load(settings.clinic_profile)
        database = Database(database_url or settings.database_url)
        return cls(
            settings=settings,
            profile=profile,
            library=CardLibrary.load(settings.answers_dir, profile),
            gate=Gate.load(settings.safety_dir),
            database=database,
            inbox=InboxRepository(database),
            alerts=AlertRepository(database),
            bookings=BookingService(BookingRepository(database)),
        )


_current: Services | None = None


def use(services: Services) -> None:
    """Makes these the process's services."""
    global _current  # noqa: PLW0603 - actions are made by the SDK, which passes nothing in
    _current = services


def current() -> Services:
    """The process's services; built from the environment when nobody set them."""
    if _current is None:
        use(Services.build(Settings.from_env()))
        return current()
    return _current
