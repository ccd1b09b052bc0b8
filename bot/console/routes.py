"""The console's routes: each says which permission it needs, and none is reached without it.

The order, on every request: the address, then the session, then the permission, then the form's
own token, then what the route does. A stranger is sent to the sign-in page; who lacks the
permission is told so, and nothing of what is there.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.console.address import ForeignRequest, Insecure
from bot.console.desk import Desk
from bot.console.forms import form_of, query_of
from bot.console.unsent import SignedOut, typed_in
from bot.console.visit import REFRESH, ROOT, Visit
from bot.errors import BotError
from bot.http import INTERNAL
from bot.staff.roles import Permission
from bot.staff.throttle import TooManyTries

logger = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[HTTPResponse]]
SESSION, STRANGER = "staff", "staff-visit"
TOKEN_FIELD = "csrf"  # noqa: S105 - the field's name
LARGEST_ID = 2**63 - 1
SERVER_ERROR = 500
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Under "no-referrer" browsers call the origin of every form "null".
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
HSTS = "max-age=31536000"


class Forbidden(BotError):
    """The user's role does not let them."""

    code = "forbidden"
    status = 403

    def __init__(self) -> None:
        super().__init__("Your role does not include this. An admin can change it.")


class NothingHere(BotError):
    """There is nothing at this address."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("There is nothing here.")


@dataclass(frozen=True)
class Route:
    """One route.

    Attributes:
        method: GET changes nothing; POST needs the form's own token.
        path: Below ``/console``, in Sanic's form.
        permission: Who may; None: anybody.
        handler: Takes the visit and the parts of the path.
    """

    method: Literal["GET", "POST"]
    path: str
    permission: Permission | None
    handler: Handler

    @property
    def name(self) -> str:
        """Unique among the routes."""
        return re.sub(r"\W+", "_", f"{self.method}{self.path}").strip("_").lower()


def blueprint(desk: Desk, routes: tuple[Route, ...]) -> Blueprint:
    """All routes on one blueprint."""
    made = Blueprint("console", url_prefix=ROOT)
    for route in routes:
        made.add_route(_guarded(desk, route), route.path, methods=[route.method], name=route.name)
    return made


def _guarded(desk: Desk, route: Route) -> Callable[..., Awaitable[HTTPResponse]]:
    async def handle(request: Request, **parts: Any) -> HTTPResponse:
        visit = await _visit(desk, request)
        try:
            response = await _answer(visit, route, parts)
        except BotError as error:
            response = _told(visit, error)
        return _finished(visit, response)

    return handle


async def _visit(desk: Desk, request: Request) -> Visit:
    token = desk.address.cookie(request, SESSION)
    is_touched = REFRESH not in request.headers
    session = await desk.office.door.session(token, is_touched)
    if session is None or token is None:
        token = desk.address.cookie(request, STRANGER) or secrets.token_urlsafe(16)
    return Visit(request, desk, session, token)


async def _answer(visit: Visit, route: Route, parts: dict[str, Any]) -> HTTPResponse:
    visit.desk.address.check(visit.request)
    if route.permission is not None:
        if visit.session is None:
            if typed_in(visit):
                raise SignedOut
            return _to_sign_in(visit, route)
        if not visit.user.may(route.permission):
            raise Forbidden
    if any(isinstance(part, int) and not 0 <= part <= LARGEST_ID for part in parts.values()):
        raise NothingHere
    query = query_of(visit.request)
    form = _checked_form(visit) if route.method == "POST" else {}
    known = Visit(visit.request, visit.desk, visit.session, visit.token, form, query)
    response: HTTPResponse = await route.handler(known, **parts)
    return response


def _checked_form(visit: Visit) -> dict[str, str]:
    visit.desk.address.check_origin(visit.request)
    form = form_of(visit.request)
    if not visit.desk.forms.is_mark(form.get(TOKEN_FIELD, ""), visit.token):
        raise ForeignRequest
    return form


def _to_sign_in(visit: Visit, route: Route) -> HTTPResponse:
    here = visit.request.path + (f"?{q}" if (q := visit.request.query_string) else "")
    is_page = route.method == "GET" and here not in {ROOT, f"{ROOT}/"}
    after = f"?{urlencode({'next': here})}" if is_page else ""
    return redirect(f"{ROOT}/sign-in{after}", status=303)


def _told(visit: Visit, error: BotError) -> HTTPResponse:
    """An error as a page; what is wrong on our side is told in the log alone."""
    message = error.message
    if error.status >= SERVER_ERROR:
        logger.error("A request failed: %s", error)
        message = INTERNAL
    response = visit.page("error.html", error.status, message=message, typed=typed_in(visit))
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _finished(visit: Visit, response: HTTPResponse) -> HTTPResponse:
    address = visit.desk.address
    if visit.session is None and not address.cookie(visit.request, STRANGER):
        address.set_cookie(response, STRANGER, visit.token)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if address.is_https:
        response.headers["Strict-Transport-Security"] = HSTS
    return response


__all__ = ["Forbidden", "Insecure", "NothingHere", "Route", "blueprint"]
