"""Examines a set-up part by part; each finding says what is wrong and the remedy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.content import ClinicProfile
from bot.content.card_file import awaiting_approval, read_cards
from bot.content.checks import check_content
from bot.errors import BotError, SettingError
from bot.learning.fingerprint import served_path
from bot.safety import Gate
from bot.settings import ROOT, Settings
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.migrate import is_current

Verdict = Literal["ok", "off", "note", "FAULT"]
TOPICS = ROOT / "data" / "topics.yml"
EARLIEST = datetime(2026, 1, 1, tzinfo=timezone.utc)
# A daily purge that is a day late may be a server that was off for a night.
PURGE_GRACE = timedelta(days=2)


@dataclass(frozen=True)
class Finding:
    """What was found about one part.

    Attributes:
        part: Its name.
        verdict: ``ok``; ``off`` for a part that is not set up; ``note``; or ``FAULT``.
        says: What is so, and for a fault the remedy.
    """

    part: str
    verdict: Verdict
    says: str

    @property
    def is_fault(self) -> bool:
        return self.verdict == "FAULT"

    def __str__(self) -> str:
        return f"{self.verdict:<6}{self.part:<12}{self.says}"


Examination = Callable[[Settings], Awaitable[Finding]]


async def examine(settings: Settings) -> list[Finding]:
    """Every part's finding, in the order a message meets them."""
    return [await _guarded(name, check, settings) for name, check in EXAMINATIONS.items()]


async def _guarded(name: str, check: Examination, settings: Settings) -> Finding:
    try:
        return await check(settings)
    except BotError as error:
        return Finding(name, "FAULT", str(error))


async def _secrets(settings: Settings) -> Finding:
    settings.require_secret()
    return Finding("secrets", "ok", "SECRET_KEY is set.")


async def _channels(settings: Settings) -> Finding:
    from bot.channels.messenger_settings import MessengerSettings
    from bot.channels.sms_settings import SmsSettings

    sms, messenger = SmsSettings.of(settings), MessengerSettings.of(settings)
    states = {"web": True, "SMS": sms is not None, "Messenger": messenger is not None}
    says = ", ".join(f"{name} is {'on' if is_on else 'off'}" for name, is_on in states.items())
    if (sms or messenger) and not settings.public_url.startswith("https://"):
        says += ". They need PUBLIC_URL to be the https address that Twilio and Meta call"
        return Finding("channels", "note", f"{says}.")
    return Finding("channels", "ok", f"{says}.")


async def _mail(settings: Settings) -> Finding:
    from bot.channels.mail import Mail

    mail = Mail.of(settings)
    if mail is None:
        return Finding("mail", "off", "SMTP_URL is unset: staff look for new requests themselves.")
    await mail.check()
    return Finding("mail", "ok", "The mail server takes us.")


async def _console(settings: Settings) -> Finding:
    from bot.staff.office import directory_of

    address = urlsplit(settings.public_url)
    if address.scheme != "https" and address.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise SettingError(
            "Staff cannot sign in over plain http.", remedy="Set PUBLIC_URL to an https address."
        )
    database = Database.of(settings)
    try:
        users = await directory_of(database).list() if await is_current(database) else []
    except DatabaseUnavailable:
        users = []
    finally:
        await database.close()
    able = [user for user in users if user.is_enrolled and not user.is_disabled]
    if not able:
        says = "Nobody can sign in yet. Add somebody with `bot user add NAME --role admin`."
        return Finding("console", "note", says)
    return Finding("console", "ok", f"{len(able)} of {len(users)} users can sign in.")


async def _clock(settings: Settings) -> Finding:
    now = datetime.now(timezone.utc)
    if now < EARLIEST:
        raise SettingError(f"The clock says {now:%Y-%m-%d}.", remedy="Set the machine's clock.")
    zone = ZoneInfo(ClinicProfile.load(settings.clinic_profile).timezone)
    return Finding("clock", "ok", f"{now.astimezone(zone):%Y-%m-%d %H:%M} at the clinic.")


async def _model(settings: Settings) -> Finding:
    path = served_path(settings)
    if not path.exists():
        raise SettingError(
            "There is no model for the present data and configuration.", remedy="Run `bot train`."
        )
    return Finding("model", "ok", path.name)


async def _content(settings: Settings) -> Finding:
    problems = check_content(settings.answers_dir, settings.clinic_profile, TOPICS, date.today())
    if problems:
        raise SettingError(
            f"{len(problems)} faults, the first: {problems[0]}",
            remedy="Run `bot content check`.",
        )
    profile = ClinicProfile.load(settings.clinic_profile)
    if profile.demo:
        says = "The demo clinic's example facts are in use; set CLINIC_PROFILE to your own."
        return Finding("content", "note", says)
    waiting = awaiting_approval(read_cards(settings.answers_dir))
    approved = f"{profile.name}: every topic has an approved card."
    return Finding("content", "ok", " ".join([approved, *waiting]))


async def _safety(settings: Settings) -> Finding:
    Gate.load(settings.safety_dir)
    return Finding("safety", "ok", "The red-flag tables are in order.")


async def _database(settings: Settings) -> Finding:
    database = Database.of(settings)
    try:
        await database.ping()
        if not await is_current(database):
            raise SettingError(
                "The database is not at the newest revision.", remedy="Run `bot db migrate`."
            )
    finally:
        await database.close()
    return Finding("database", "ok", str(database.url))


async def _purge(settings: Settings) -> Finding:
    from bot.services import privacy_desk

    database = Database.of(settings)
    try:
        if not await is_current(database):
            return Finding("purge", "off", "Not looked at: see the database.")
        desk = privacy_desk(database, settings)
        last, late = await desk.last_purge(), await desk.overdue(PURGE_GRACE)
    except DatabaseUnavailable:
        return Finding("purge", "off", "Not looked at: see the database.")
    finally:
        await database.close()
    when = f"ran last at {last:%Y-%m-%d %H:%M} UTC" if last else "has not run yet"
    if late:
        raise SettingError(
            f"The purge {when}, and {sum(late.values())} rows are past their time.",
            remedy="Keep the server running, which purges daily, or run `bot db purge`.",
        )
    return Finding("purge", "ok" if last else "note", f"The purge {when}; nothing is overdue.")


async def _sealing(settings: Settings) -> Finding:
    from bot.storage.sealer import Sealer

    database = Database.of(settings)
    try:
        if not settings.data_secrets or not await is_current(database):
            return Finding("sealing", "off", "Not looked at: see the secrets and the database.")
        await database.check_keys()
        waiting = sum((await Sealer(database).waiting()).values())
    except DatabaseUnavailable:
        return Finding("sealing", "off", "Not looked at: see the database.")
    finally:
        await database.close()
    name = "DATA_KEYS" if settings.data_keys else "SECRET_KEY"
    if waiting:
        says = f"{waiting} rows are not encrypted with the newest key: run `bot db seal`."
        return Finding("sealing", "note", says)
    return Finding("sealing", "ok", f"What patients wrote is encrypted with a key from {name}.")


async def _locks(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return Finding("locks", "off", "REDIS_URL is unset: locks are kept in one process.")
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        Redis.from_url(settings.redis_url, socket_connect_timeout=3).ping()
    except (RedisError, ValueError) as error:
        raise SettingError(
            f"Redis at REDIS_URL does not answer ({type(error).__name__}).",
            remedy="Start it, or unset REDIS_URL to keep locks in one process.",
        ) from None
    return Finding("locks", "ok", "Redis answers.")


EXAMINATIONS: dict[str, Examination] = {
    "secrets": _secrets,
    "channels": _channels,
    "safety": _safety,
    "model": _model,
    "content": _content,
    "database": _database,
    "sealing": _sealing,
    "purge": _purge,
    "locks": _locks,
    "mail": _mail,
    "console": _console,
    "clock": _clock,
}
