from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timezone

import pytest
from icalendar import Calendar
from sanic import Sanic
from web_client import WebClient

from bot.booking import BookingRequest, BookingService, Status, VisitTime, staff
from bot.booking.formats.ical import VisitCalendar
from bot.content import ClinicProfile
from bot.guard.visit_links import VisitLinks
from bot.http import protect
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.visits import visit_routes

START = datetime(2096, 12, 4, 17, 0, tzinfo=timezone.utc)
REQUEST = BookingRequest("Sam", "back", "any friday", "first", True, "+17805550199")
LINKS = VisitLinks("s" * 32, "https://faq.clinic.example")


@pytest.fixture
async def bookings() -> AsyncIterator[BookingService]:
    database = Database("sqlite://")
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield BookingService(BookingRepository(database))
    await database.close()


@pytest.fixture
def client(bookings: BookingService) -> WebClient:
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
    protect(app, ())
    profile = ClinicProfile(name="Clinic", phone="780-555-0142")
    app.blueprint(visit_routes(bookings, LINKS, VisitCalendar(profile)))
    return WebClient(app)


def _path(reference: str) -> str:
    return LINKS.link(reference).removeprefix("https://faq.clinic.example")


async def test_a_confirmed_visit_is_a_calendar_file(
    client: WebClient, bookings: BookingService
) -> None:
    asked = await bookings.request(REQUEST, "one", "web:a", "web")
    assert (await client.get(_path(asked.reference))).status == 404
    time = VisitTime(START, 45)
    await bookings.move(asked.reference, Status.CONFIRMED, staff("Kim"), time=time)
    answer = await client.get(_path(asked.reference))
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    (event,) = Calendar.from_ical(answer.body.decode()).walk("VEVENT")
    assert event.decoded("dtstart") == START


@pytest.mark.parametrize(
    "path",
    [
        "/visits/B7K-3QD.ics",
        "/visits/B7K-3QD.AAAAAAAAAAAAAAAAAAAAAAAAAAA.ics",
        "/visits/%FF%00.ics",
        _path("B7K-3QD"),
    ],
)
async def test_any_other_link_leads_nowhere(client: WebClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status, answer.json["error"]["code"]) == (404, "unknown_link")
