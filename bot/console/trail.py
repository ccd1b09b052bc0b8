"""The audit trail, for admins to read; nobody can change it here."""

from __future__ import annotations

from sanic.response import HTTPResponse

from bot.console.forms import number_of
from bot.console.routes import Route
from bot.console.visit import Visit
from bot.staff.roles import Permission

PAGE = 50


async def show(visit: Visit) -> HTTPResponse:
    """Entries, newest first; an address with ``before`` shows older ones."""
    audit, action = visit.desk.office.audit, visit.query.get("action")
    before = number_of(visit.query, "before")
    entries = await audit.page(PAGE + 1, before, action)
    return visit.page(
        "audit.html",
        entries=entries[:PAGE],
        older=entries[PAGE - 1].id if len(entries) > PAGE else None,
        actions=await audit.actions(),
        action=action,
    )


ROUTES = (Route("GET", "/audit", Permission.AUDIT, show),)
