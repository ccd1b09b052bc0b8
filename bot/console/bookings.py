"""Requests for a visit: the list, one request, what staff decide, and files for other programs."""

from __future__ import annotations

from functools import partial

from sanic.response import HTTPResponse, raw

from bot.booking import Booking, BookingService, Status, staff
from bot.booking.formats import FORMATS, format_of
from bot.console.booking_forms import decision_of, steps_of
from bot.console.forms import number_of
from bot.console.routes import NothingHere, Route
from bot.console.visit import Visit
from bot.errors import BotError
from bot.handoff.words import STAFF_MESSAGE, detail_of_person
from bot.outbox import Outgoing
from bot.staff.roles import Permission
from bot.storage.audit import Entry
from bot.storage.booking_pages import BookingPages

PAGE = 50
# The tabs of the list, with the statuses of each; empty: all.
TABS: dict[str, tuple[Status, ...]] = {
    "open": (Status.RECEIVED, Status.SEEN, Status.PROPOSED),
    "confirmed": (Status.CONFIRMED,),
    "ended": (Status.DECLINED, Status.CANCELLED, Status.EXPIRED),
    "all": (),
}
ENDINGS = {"text/calendar": "ics", "application/fhir+json": "json", "text/csv": "csv"}


async def show_list(visit: Visit) -> HTTPResponse:
    """Requests, newest first."""
    tab = visit.query.get("show", "open")
    if tab not in TABS:
        raise NothingHere
    pages = BookingPages(visit.desk.services.database)
    page = await pages.page(TABS[tab], PAGE, number_of(visit.query, "before"))
    counts = await pages.counts()
    totals = {
        name: sum(counts.get(status, 0) for status in statuses or tuple(Status))
        for name, statuses in TABS.items()
    }
    return visit.page("bookings.html", page=page, tab=tab, totals=totals, formats=FORMATS)


async def show_one(visit: Visit, reference: str) -> HTTPResponse:
    """One request with what happened to it and what may happen next."""
    booking = await _service(visit).get(reference)
    return await _one(visit, booking)


async def decide(visit: Visit, reference: str, step: str) -> HTTPResponse:
    """Carries a request on; the patient is told by the service, in approved words."""
    service = _service(visit)
    try:
        decision = decision_of(step, visit.form, visit.desk.profile)
        after = await service.move(
            reference,
            decision.to,
            staff(visit.user.actor),
            time=decision.time,
            text="\n".join(filter(None, (decision.note, decision.words))),
            version=decision.version,
            also=partial(_letters, visit, decision.words),
        )
    except BotError as error:
        # What was typed stays; the request is shown as it is now.
        return await _one(visit, await service.get(reference), error, step)
    detail = {"status": after.status.value, "version": after.version}
    entry = Entry(visit.user.actor, "booking_changed", after.reference, detail)
    await visit.desk.office.audit.add(entry)
    return visit.go(f"/bookings/{after.reference}", done=f"booking_{after.status.value}")


async def export(visit: Visit, form: str) -> HTTPResponse:
    """Requests as a file for another program."""
    if form not in FORMATS:
        raise NothingHere
    tab = visit.query.get("show", "all")
    statuses = TABS.get(tab, ())
    found = await _service(visit).list()
    writer = format_of(form, visit.desk.profile)
    taken = [b for b in found if (not statuses or b.status in statuses) and writer.takes(b)]
    detail = {"form": form, "show": tab, "count": len(taken)}
    await visit.desk.office.audit.add(Entry(visit.user.actor, "bookings_exported", "", detail))
    kind = writer.media_type.partition(";")[0]
    name = f"visits.{ENDINGS.get(kind, 'txt')}"
    return raw(
        writer.write(taken).encode(),
        content_type=writer.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _letters(visit: Visit, words: str, booking: Booking) -> tuple[Outgoing, ...]:
    """The clinic's own words, kept together with the change that they go with."""
    if not words:
        return ()
    told = visit.desk.services.handoffs.words
    letter = Outgoing(
        idempotency_key=f"booking-words/{booking.reference}/{booking.version}",
        channel=booking.channel,
        conversation_id=booking.conversation_id,
        kind=STAFF_MESSAGE,
        body=told.from_staff(words, booking.channel, visit.user.name),
        detail=detail_of_person(visit.user.name),
    )
    return (letter,)


async def _one(
    visit: Visit, booking: Booking, error: BotError | None = None, step: str = ""
) -> HTTPResponse:
    message = await visit.desk.turns.latest_of({booking.conversation_id})
    return visit.page(
        "booking.html",
        error.status if error else 200,
        booking=booking,
        events=await _service(visit).events(booking.reference),
        steps=steps_of(booking),
        error=error.message if error else "",
        tried=step,
        typed=visit.form,
        message_id=message.get(booking.conversation_id),
    )


def _service(visit: Visit) -> BookingService:
    return visit.desk.services.bookings


DESK = Permission.BOOKINGS
ROUTES = (
    Route("GET", "/bookings", DESK, show_list),
    Route("GET", "/bookings/export/<form:str>", DESK, export),
    Route("GET", "/bookings/<reference:str>", DESK, show_one),
    Route("POST", "/bookings/<reference:str>/<step:str>", DESK, decide),
)
