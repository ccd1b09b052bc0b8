"""``/api/fhir/Appointment``: requests and visits for the clinic's own system, as FHIR R4.

Whoever has the token reads patients' names, contacts and reasons. Without ``FHIR_TOKEN`` there is
no such route.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.booking import BookingNotFound, BookingService
from bot.booking.fhir_query import read_query
from bot.booking.formats.fhir import FhirAppointments, outcome
from bot.errors import BotError
from bot.guard.rate import RateLimit
from bot.guard.refusals import TooFast, Unauthorized
from bot.metrics import REFUSED

PATH = "/api/fhir/Appointment"
# More wrong tokens from one address are answered with 429.
FAILURES = "10/minute"
HEADERS = {"Cache-Control": "no-store"}
CHALLENGE = 'Bearer realm="fhir"'
# How FHIR calls what is wrong, by HTTP status.
ISSUES = {400: "invalid", 401: "login", 404: "not-found", 429: "throttled"}
Handler = Callable[[Request], Awaitable[str]]


class FhirRoutes:
    """Reads the token, then answers."""

    def __init__(
        self,
        bookings: BookingService,
        form: FhirAppointments,
        *,
        token: str,
        failures: RateLimit,
        public_url: str,
        zone: str,
    ) -> None:
        """Makes the routes.

        Args:
            bookings: The booking desk.
            form: Writes appointments.
            token: What a caller must show.
            failures: Wrong tokens that one address may show.
            public_url: Where the links of a page begin.
            zone: The clinic's time zone.
        """
        self._bookings = bookings
        self._form = form
        self._token = _digest(token)
        self._failures = failures
        self._base = f"{public_url.rstrip('/')}{PATH}"
        self._zone = ZoneInfo(zone)

    def blueprint(self) -> Blueprint:
        """The routes, for Sanic."""
        routes = Blueprint("fhir")

        async def search(request: Request) -> HTTPResponse:
            return await self._answer(request, self._search)

        async def read(request: Request, reference: str) -> HTTPResponse:
            return await self._answer(request, lambda _: self._read(reference))

        routes.add_route(search, PATH)
        routes.add_route(read, f"{PATH}/<reference:str>")
        return routes

    async def _answer(self, request: Request, handler: Handler) -> HTTPResponse:
        """The resource, or an ``OperationOutcome`` that says why there is none."""
        try:
            await self._check(request)
            return _written(await handler(request))
        except BotError as error:
            if error.status not in ISSUES:
                raise
            return _refused(error)

    async def _check(self, request: Request) -> None:
        kind, _, token = (request.headers.get("authorization") or "").partition(" ")
        is_right = hmac.compare_digest(_digest(token.strip()), self._token)
        if kind.lower() != "bearer" or not is_right:
            await self._failures.spend(request.remote_addr or request.ip)
            raise Unauthorized("The token is missing or wrong.")

    async def _search(self, request: Request) -> str:
        query = {name: list(values) for name, values in request.args.items()}
        wanted = read_query(query, self._zone)
        found = await self._bookings.search(wanted)
        links = {"self": self._link(query)}
        if found.more and found.bookings:
            following = {**query, "_after": [found.bookings[-1].reference]}
            links["next"] = self._link(following)
        return self._form.searchset(found.bookings, found.total, links, self._base)

    async def _read(self, reference: str) -> str:
        try:
            return self._form.write_one(await self._bookings.get(reference))
        except BookingNotFound:
            raise BookingNotFound("There is no such appointment.") from None

    def _link(self, query: dict[str, list[str]]) -> str:
        return f"{self._base}?{urlencode(query, doseq=True)}" if query else self._base


def _digest(token: str) -> bytes:
    """Equally long for all tokens, so that a comparison tells nothing of the length."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _refused(error: BotError) -> HTTPResponse:
    REFUSED.labels(error.code).inc()
    response = _written(outcome(ISSUES[error.status], error.message), error.status)
    if error.status == Unauthorized.status:
        response.headers["WWW-Authenticate"] = CHALLENGE
    if isinstance(error, TooFast):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _written(resource: str, status: int = 200) -> HTTPResponse:
    return text(resource, status, headers=HEADERS, content_type=FhirAppointments.media_type)
