"""The staff console at ``/console/``: pages for people who are signed in, and nobody else.

``routes`` says in which order a request is examined; ``bot.staff`` decides who may come in. The
pages are made on the server and work without the script, which only keeps them fresh.
"""

from __future__ import annotations

from datetime import timedelta

from sanic import Blueprint

from bot.console import (
    account,
    bookings,
    conversations,
    door,
    figures,
    handoffs,
    review,
    today,
    trail,
    users,
    week,
)
from bot.console import learning as learning_pages
from bot.console.address import Address
from bot.console.assets import asset_routes
from bot.console.desk import Desk
from bot.console.pages import Pages
from bot.console.routes import Route, blueprint
from bot.learning.office import Learning
from bot.services import Services
from bot.staff.office import Office
from bot.staff.seal import Seal
from bot.storage.turns import TurnRepository
from bot.storage.types import utc_now

ROUTES: tuple[Route, ...] = (
    *today.ROUTES,
    *week.ROUTES,
    *bookings.ROUTES,
    *conversations.ROUTES,
    *handoffs.ROUTES,
    *review.ROUTES,
    *learning_pages.ROUTES,
    *figures.ROUTES,
    *door.ROUTES,
    *account.ROUTES,
    *users.ROUTES,
    *trail.ROUTES,
)

__all__ = ["ROUTES", "Desk", "console_routes", "desk_of"]


def desk_of(services: Services, learning: Learning | None = None) -> Desk:
    """The console's parts over the domain services.

    Args:
        services: The domain services.
        learning: What is learned from labels; left out, it is made here.

    Raises:
        SettingError: when ``SECRET_KEY`` is unset.
    """
    settings = services.settings
    secret = settings.require_secret()
    idle = timedelta(minutes=settings.console_idle_minutes)
    return Desk(
        services=services,
        office=Office.build(
            services.database, secret, idle, timedelta(hours=settings.console_hours)
        ),
        address=Address.of(settings.public_url),
        pages=Pages(services.profile.timezone, utc_now),
        forms=Seal(secret, "console-forms"),
        turns=TurnRepository(services.database),
        learning=learning or Learning.of(services.database, settings, services.gate),
    )


def console_routes(desk: Desk) -> tuple[Blueprint, ...]:
    """Everything below ``/console``."""
    return blueprint(desk, ROUTES), asset_routes()
