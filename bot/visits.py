"""``GET /visits/<link>.ics``: a confirmed visit, for the patient's calendar."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.booking import BookingNotFound, BookingService
from bot.booking.ports import BookingFormat
from bot.guard.visit_links import PATH, VisitLinks, unknown

HEADERS = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="visit.ics"'}


def visit_routes(bookings: BookingService, links: VisitLinks, calendar: BookingFormat) -> Blueprint:
    """The route.

    Args:
        bookings: The booking desk.
        links: Reads what the address names.
        calendar: Writes the visit.
    """
    routes = Blueprint("visits")

    async def visit(request: Request, link: str) -> HTTPResponse:
        try:
            booking = await bookings.get(links.reference_of(link))
        except BookingNotFound:
            raise unknown() from None
        if not calendar.takes(booking):
            raise unknown()
        written = calendar.write_one(booking)
        return text(written, content_type=calendar.media_type, headers=HEADERS)

    routes.add_route(visit, f"{PATH}<link:str>")
    return routes
