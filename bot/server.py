"""Puts the parts on one Sanic app: channels, pages, health; the model is loaded once, here."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import rasa.core.channels.channel
from sanic import Blueprint, Sanic

from bot import services
from bot.booking.formats import format_of
from bot.booking.formats.fhir import FhirAppointments
from bot.channels.mail import Mail
from bot.channels.web import WebChannel
from bot.channels.web_continue import WebContinue
from bot.channels.web_feedback import FeedbackRoute
from bot.channels.web_sender import WebSender
from bot.console import console_routes, desk_of
from bot.continuing import ContinueDesk
from bot.errors import SettingError
from bot.fhir_routes import FAILURES, FhirRoutes
from bot.figures.grouper import LOOK_SECONDS as GROUP_SECONDS
from bot.figures.grouper import Grouper
from bot.guard.fields import MAX_BATCH_BYTES
from bot.guard.framing import FramedRequest
from bot.guard.rate import RateLimit
from bot.guard.sessions import Sessions
from bot.guard.visit_links import VisitLinks
from bot.health import health_routes
from bot.http import dumps, protect
from bot.learning.office import Learning
from bot.learning.served import LOOK_SECONDS
from bot.live_model import LiveModel
from bot.openapi import openapi_routes
from bot.outbox import PostOffice, Sender
from bot.pages import page_routes
from bot.periodic import every
from bot.providers import Providers
from bot.review.feedback import FeedbackDesk
from bot.services import Services
from bot.settings import ROOT, Settings
from bot.storage.database import Database
from bot.storage.live_requests import LiveRequests
from bot.storage.message_groups import GroupRepository
from bot.storage.migrate import migrate
from bot.storage.sealing import DataKeyMissing
from bot.storage.types import utc_now
from bot.turn.intake import Intake
from bot.turn.locks import ConversationLocks
from bot.undelivered import Undelivered
from bot.upkeep import upkeep
from bot.visits import visit_routes

logger = logging.getLogger(__name__)


def create_app(settings: Settings, model: Path, name: str = "patient_faq") -> Sanic:
    """The whole server as one app, not yet running.

    Args:
        settings: Read from the environment.
        model: A trained model archive.
        name: Sanic's name for the app; unique in the process.

    Raises:
        BotError: when a setting, the content or the model is wrong.
    """
    parts = Services.build(settings)
    services.use(parts)
    app = _bare_app(settings, name)
    live = LiveModel(parts, model, partial(setattr, app.ctx, "agent"))
    learning = Learning.of(parts.database, settings, parts.gate)
    # Redis is what several processes share; without it there is only this one.
    patience = settings.turn_deadline if settings.redis_url else 0.0
    intake = Intake(parts.inbox, live.turn, ConversationLocks(), patience)
    providers = Providers(parts)
    post = _post_office(parts, providers)
    thumbs = FeedbackDesk.of(
        parts.database, parts.gate, parts.alerts, parts.profile, ROOT / "domain.yml"
    )
    continuing = providers.continue_desk(live.trackers, live.locks)
    web = _web(parts, intake, thumbs, continuing, post)
    channels = [web, *providers.channels(live.turn, post)]
    rasa.core.channels.channel.register(channels, app, route="/webhooks/")
    described = openapi_routes(
        settings.public_url, [sender.channel for sender in providers.senders]
    )
    for routes in (page_routes(), *console_routes(desk_of(parts, learning)), described):
        app.blueprint(routes)
    app.blueprint(_feedback(settings, intake, thumbs))
    _for_calendars(app, parts)
    app.blueprint(_health(parts.database))
    _on_start_and_stop(app, parts, intake, providers, post, beside=_with_model(parts, live))
    app.register_listener(lambda _app, _loop: learning.launcher.stop(), "before_server_stop")
    return app


def _with_model(parts: Services, live: LiveModel) -> list[Callable[[], Awaitable[None]]]:
    """What is done beside the turns by the model that answers them, or to it."""
    grouper = Grouper(GroupRepository(parts.database), live, utc_now)
    return [
        partial(every, LOOK_SECONDS, live.watcher.look),
        partial(every, GROUP_SECONDS, grouper.run_once),
    ]


def _for_calendars(app: Sanic, parts: Services) -> None:
    """Visits by their signed links, and the clinic's own system where it has a key."""
    settings = parts.settings
    links = VisitLinks(settings.require_secret(), settings.public_url)
    app.blueprint(visit_routes(parts.bookings, links, format_of("ical", parts.profile)))
    if settings.fhir_token:
        app.blueprint(_fhir(settings, parts, settings.fhir_token))


def _bare_app(settings: Settings, name: str) -> Sanic:
    app = Sanic(name, configure_logging=False, dumps=dumps, request_class=FramedRequest)
    app.config.REQUEST_MAX_SIZE = MAX_BATCH_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = settings.turn_deadline
    app.config.PROXIES_COUNT = settings.trusted_proxies or None
    protect(app, settings.allowed_origins)
    return app


def _sessions(settings: Settings) -> Sessions:
    return Sessions(settings.require_secret(), timedelta(days=settings.session_days))


def _web(
    parts: Services,
    intake: Intake,
    thumbs: FeedbackDesk,
    continuing: ContinueDesk | None,
    post: PostOffice,
) -> WebChannel:
    settings = parts.settings
    sessions = _sessions(settings)
    # One for both: without Redis each keeps its own count.
    rate = RateLimit(settings.rate_limit, "message", settings.redis_url)
    return WebChannel(
        intake,
        parts.inbox,
        sessions,
        rate,
        RateLimit(settings.session_rate_limit, "session", settings.redis_url),
        outbox=parts.outbox,
        people=parts.handoffs,
        continuing=WebContinue(continuing, sessions, rate, post.call) if continuing else None,
        thumbs=thumbs.thumbs,
    )


def _feedback(settings: Settings, intake: Intake, thumbs: FeedbackDesk) -> Blueprint:
    rate = RateLimit(settings.rate_limit, "thumb", settings.redis_url)
    return FeedbackRoute(thumbs, _sessions(settings), rate, intake.warning).blueprint()


def _fhir(settings: Settings, parts: Services, token: str) -> Blueprint:
    return FhirRoutes(
        parts.bookings,
        FhirAppointments(parts.profile),
        token=token,
        failures=RateLimit(FAILURES, "fhir", settings.redis_url),
        public_url=settings.public_url,
        zone=parts.profile.timezone,
    ).blueprint()


def _post_office(parts: Services, providers: Providers) -> PostOffice:
    """With one sender for each channel that can send without being asked."""
    mail = Mail.of(parts.settings)
    senders: list[Sender] = [WebSender(), *providers.senders, *([mail] if mail else [])]
    has_sms = any(sender.channel == "sms" for sender in senders)
    requests = LiveRequests(parts.database)
    on_dead = Undelivered(parts.alerts, requests, parts.outbox, has_sms)
    return PostOffice(parts.outbox, senders, utc_now, on_dead)


def _on_start_and_stop(
    app: Sanic,
    parts: Services,
    intake: Intake,
    providers: Providers,
    post: PostOffice,
    *,
    beside: Sequence[Callable[[], Awaitable[None]]],
) -> None:
    running: list[asyncio.Future[None]] = []
    # Redis is what several processes share; without it, what is claimed belongs to the dead.
    is_alone = parts.settings.redis_url is None

    async def start(app: Sanic, _loop: object) -> None:
        await migrate(parts.settings.database_url)
        if not await _has_keys(parts.database):
            return
        if is_alone:
            await post.release()
        await providers.recover(is_alone)
        app.add_task(intake.recover())
        tasks = [*upkeep(parts, post), *providers.tasks(), *beside]
        running.extend(asyncio.ensure_future(task()) for task in tasks)

    async def stop(_app: Sanic, _loop: object) -> None:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await providers.stop()
        await parts.database.close()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")


def _health(database: Database) -> Blueprint:
    return health_routes({"database": database.ping, "data_keys": database.check_keys})


async def _has_keys(database: Database) -> bool:
    """Whether what patients wrote can be read.

    Otherwise the server says so at ``/readyz`` and takes nothing: who writes to it meanwhile hears
    a warning or the apology, and providers deliver again to the server that has the key.
    """
    try:
        await database.check_keys()
    except DataKeyMissing as error:
        logger.error("%s", error)
        return False
    return True


def check_port(host: str, port: int) -> None:
    """Makes sure that the port is free before anything slow is loaded.

    Raises:
        SettingError: when another program listens there, or the address is not this machine's.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingError(
                f"Port {port} on {host} cannot be used ({error.strerror}).",
                remedy="Stop what listens there, or choose another with --host and --port.",
            ) from None


def check_workers(settings: Settings, workers: int) -> None:
    """Refuses several workers over stores that only one process can share.

    Raises:
        SettingError: names the missing setting.
    """
    if workers == 1:
        return
    if settings.redis_url is None or settings.database_url.startswith("sqlite"):
        raise SettingError(
            f"{workers} workers need a shared database and shared locks.",
            remedy="Set DATABASE_URL to PostgreSQL and REDIS_URL, or use --workers 1.",
        )


def require_model(model: Path) -> Path:
    """The model's path, when it is there.

    Raises:
        SettingError: when it has not been trained yet.
    """
    if not model.exists():
        raise SettingError(
            "There is no model for the present data and configuration.", remedy="Run `bot train`."
        )
    return model
