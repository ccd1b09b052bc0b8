"""The domain services of one process, made once from the settings and shared by all its parts.

The server makes them at start; a separate action server makes its own at its first action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.booking import Booking, BookingAccess, BookingEvent, BookingService, StatusWords
from bot.booking.formats import format_of
from bot.booking.patient_mail import PatientMail
from bot.booking.reminders import Reminders
from bot.booking.scheduler import scheduler_link
from bot.booking.staff_notice import staff_notice
from bot.booking.told import Link
from bot.content import CardLibrary, ClinicProfile
from bot.continuing import Reach
from bot.guard.visit_links import VisitLinks
from bot.handoff import HandoffDesk, HandoffWords
from bot.outbox import Outgoing
from bot.privacy import PrivacyDesk, Retention
from bot.safety import Gate
from bot.settings import ROOT, Settings
from bot.storage.alerts import AlertRepository
from bot.storage.booking_tries import TryLog
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.handoffs import HandoffRepository
from bot.storage.inbox import InboxRepository
from bot.storage.links import LinkRepository
from bot.storage.outbox import OutboxRepository
from bot.storage.patients import PatientRepository
from bot.storage.types import utc_now


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
    access: BookingAccess
    status_words: StatusWords
    outbox: OutboxRepository
    privacy: PrivacyDesk
    reminders: Reminders
    handoffs: HandoffDesk

    @property
    def reach(self) -> Reach:
        """Which requests a conversation may ask after without their key."""
        lifetime = Retention.of(self.settings).links
        return Reach(self.bookings, LinkRepository(self.database), lifetime, utc_now)

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
        database = Database.of(settings, database_url)
        words = status_words(profile, settings)
        repository = BookingRepository(database)
        library = CardLibrary.load(settings.answers_dir, profile)
        return cls(
            settings=settings,
            profile=profile,
            library=library,
            gate=Gate.load(settings.safety_dir),
            database=database,
            inbox=InboxRepository(database),
            alerts=AlertRepository(database),
            bookings=booking_service(repository, profile, settings),
            access=BookingAccess(repository, TryLog(database), utc_now, settings.secret_key or ""),
            status_words=words,
            outbox=OutboxRepository(database),
            privacy=privacy_desk(database, settings),
            reminders=Reminders(repository, words.reminder, profile.timezone),
            handoffs=handoff_desk(database, HandoffWords(library, profile), settings),
        )


def privacy_desk(database: Database, settings: Settings) -> PrivacyDesk:
    """Shows, erases and purges what the database holds, with the windows of the settings."""
    return PrivacyDesk(PatientRepository(database), Retention.of(settings), utc_now)


def handoff_desk(database: Database, words: HandoffWords, settings: Settings) -> HandoffDesk:
    """The desk at which people take conversations over, with the times of the settings."""
    idle = timedelta(hours=settings.handoff_idle_hours)
    return HandoffDesk(HandoffRepository(database), words, settings.handoff_minutes, idle)


def booking_service(
    repository: BookingRepository, profile: ClinicProfile, settings: Settings
) -> BookingService:
    """The booking desk of one clinic; staff and patients get email once it is set up."""
    words = status_words(profile, settings)
    patients = PatientMail(words, format_of("ical", profile))

    def emails(booking: Booking, event: BookingEvent) -> Sequence[Outgoing]:
        # Over plain http the console opens on the server alone.
        address = settings.public_url if settings.public_url.startswith("https:") else ""
        return (*staff_notice(booking, event, address), *patients.letters(booking, event))

    return BookingService(
        repository,
        tell=words.letter,
        zone=profile.timezone,
        notify=emails if settings.smtp_url else None,
    )


def status_words(profile: ClinicProfile, settings: Settings) -> StatusWords:
    """What patients are told of their requests, with this clinic's phone, time zone and links.

    Without a key to sign them there are no links to calendars.
    """
    links: dict[str, Link] = {}
    if settings.secret_key:
        visits = VisitLinks(settings.secret_key, settings.public_url)
        links["calendar"] = lambda booking: visits.link(booking.reference)
    if profile.scheduler_url:
        links["scheduler"] = partial(scheduler_link, profile.scheduler_url)
    return StatusWords.load(ROOT / "domain.yml", profile.timezone, profile.phone, links)


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
