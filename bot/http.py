"""What all routes share: error bodies, security headers, cross-origin rules."""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Sequence
from json import dumps as json_text

from sanic import Sanic
from sanic.exceptions import MethodNotSupported, SanicException, ServiceUnavailable
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.errors import BotError
from bot.guard.fields import check_size
from bot.guard.refusals import TooFast
from bot.metrics import REFUSED

# Plain JSON: Sanic's own writer escapes the slash of every topic id.
dumps = functools.partial(json_text, ensure_ascii=False, separators=(",", ":"))
logger = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    411: "length_required",
    413: "too_large",
    417: "expectation_failed",
    503: "unavailable",
}
# The method Sanic invents when a request's own head could not be parsed.
UNREAD = "NONE"
INTERNAL = "Something went wrong on our side. Please try again, or call the clinic."
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
}
PUBLIC_PATHS = ("/webhooks/web/", "/widget/")
PREFLIGHT_ROUTES = (
    *("session", "message", "history", "feedback"),
    *("continue", "continue/confirm"),
)
PREFLIGHT_SECONDS = "600"


def error_response(status: int, code: str, message: str) -> HTTPResponse:
    """The one error form of the project."""
    REFUSED.labels(code).inc()
    return json({"error": {"code": code, "message": message}}, status)


def handle_error(request: Request, error: Exception) -> HTTPResponse:
    """Turns any exception into an error body without internals."""
    if isinstance(error, BotError):
        return _bot_error(error)
    if isinstance(error, ServiceUnavailable) and _has_left(request):
        # Sanic's way to end a request whose client is gone: nobody hears it, and nothing failed.
        return empty()
    if isinstance(error, SanicException):
        return _sanic_error(error)
    if request.method == UNREAD:
        return error_response(400, "bad_request", "The request could not be read.")
    # Neither the message of the error nor the request: they may quote the patient.
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("A request failed: %s\n%s", type(error).__qualname__, frames)
    return error_response(500, "internal", INTERNAL)


def _bot_error(error: BotError) -> HTTPResponse:
    if error.status >= 500:  # noqa: PLR2004 - the HTTP class of server errors
        logger.error("A request failed: %s", error)
        message = error.message if error.is_told else INTERNAL
        return error_response(error.status, error.code, message)
    response = error_response(error.status, error.code, error.message)
    if isinstance(error, TooFast):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _sanic_error(error: SanicException) -> HTTPResponse:
    code = CODES.get(error.status_code, "error")
    response = error_response(error.status_code, code, _plain(error, code))
    if isinstance(error, MethodNotSupported):
        response.headers.update(error.headers)
    return response


def _has_left(request: Request) -> bool:
    transport = request.transport
    return transport is None or transport.is_closing()


def _plain(error: SanicException, code: str) -> str:
    # Sanic's own words quote the requested path; these say the same without it.
    words = {"not_found": "There is nothing here.", "too_large": "The request is too large."}
    return words.get(code, code.replace("_", " ").capitalize() + ".")


def _named(route: str) -> str:
    return f"allow_{route.replace('/', '_')}"


def protect(app: Sanic, origins: Sequence[str]) -> None:
    """Adds security headers to every response and lets listed websites embed the chat."""
    app.error_handler.add(Exception, handle_error)

    async def add_headers(request: Request, response: HTTPResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        origin = request.headers.get("origin")
        if request.path.startswith(PUBLIC_PATHS):
            response.headers["Vary"] = "Origin"
            if origin in origins:
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Expose-Headers"] = "Retry-After"

    async def refuse_large(request: Request) -> None:
        check_size(request.path, request.body)

    async def preflight(request: Request) -> HTTPResponse:
        return empty(
            headers={
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": "Authorization, Content-Type",
                "Access-Control-Max-Age": PREFLIGHT_SECONDS,
            }
        )

    app.register_middleware(refuse_large, "request")
    app.register_middleware(add_headers, "response")
    for name in PREFLIGHT_ROUTES:
        app.add_route(preflight, f"/webhooks/web/{name}", methods=["OPTIONS"], name=_named(name))
