from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.appointment import Appointment
from fhir.resources.bundle import Bundle
from fhir.resources.operationoutcome import OperationOutcome
from hypothesis import given
from hypothesis import strategies as st
from sanic import Sanic
from web_client import Answer, WebClient

from bot.booking import BookingRequest, BookingService, Status, VisitTime, staff
from bot.booking.fhir_query import BadQuery, read_query
from bot.booking.formats.fhir import FhirAppointments
from bot.content import ClinicProfile
from bot.fhir_routes import PATH, FhirRoutes
from bot.guard.rate import RateLimit
from bot.http import protect
from bot.storage.bookings import BookingRepository
from bot.storage.database import Database
from bot.storage.tables import metadata

TOKEN = "t" * 40
URL = "https://faq.clinic.example"
ZONE = ZoneInfo("America/Edmonton")
START = datetime(2096, 12, 4, 17, 0, tzinfo=timezone.utc)
REQUEST = BookingRequest("Sam", "back", "any friday", "first", True, "+17805550199")


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
    form = FhirAppointments(ClinicProfile(name="Clinic", phone="780-555-0142"))
    rate = RateLimit("3/minute", "fhir")
    routes = FhirRoutes(
        bookings, form, token=TOKEN, failures=rate, public_url=URL, zone="America/Edmonton"
    )
    app.blueprint(routes.blueprint())
    return WebClient(app)


async def _get(client: WebClient, path: str, token: str = TOKEN) -> Answer:
    return await client.get(path, authorization=f"Bearer {token}")


def _resource(answer: Answer) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/fhir+json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    resource: dict[str, Any] = json.loads(answer.body)
    kinds = {"Bundle": Bundle, "Appointment": Appointment, "OperationOutcome": OperationOutcome}
    kinds[resource["resourceType"]].parse_obj(resource)
    return resource


async def _book(bookings: BookingService, number: int) -> list[str]:
    made = [await bookings.request(REQUEST, str(n), "web:a", "web") for n in range(number)]
    return [booking.reference for booking in made]


async def test_one_appointment_is_found_by_its_reference(
    client: WebClient, bookings: BookingService
) -> None:
    (reference,) = await _book(bookings, 1)
    resource = _resource(await _get(client, f"{PATH}/{reference}"))
    assert (resource["id"], resource["status"]) == (reference, "proposed")


async def test_pages_hold_each_once_though_more_come_in(
    client: WebClient, bookings: BookingService
) -> None:
    references = await _book(bookings, 5)
    found: list[str] = []
    path = f"{PATH}?_count=2&status=proposed,booked"
    while path:
        bundle = _resource(await _get(client, path))
        assert (bundle["type"], bundle["total"]) == ("searchset", 5 + len(found) // 2)
        found += [entry["resource"]["id"] for entry in bundle["entry"]]
        assert bundle["entry"][0]["fullUrl"].startswith(f"{URL}{PATH}/B")
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        path = links.get("next", "").removeprefix(URL)
        await bookings.request(REQUEST, f"new {len(found)}", "web:b", "web")
    assert found == references[::-1]


async def test_date_and_status_narrow_the_search(
    client: WebClient, bookings: BookingService
) -> None:
    one, other, _ = await _book(bookings, 3)
    for reference, days in ((one, 0), (other, 3)):
        time = VisitTime(START + timedelta(days=days), 45)
        await bookings.move(reference, Status.CONFIRMED, staff("Kim"), time=time)

    async def search(query: str) -> list[str]:
        bundle = _resource(await _get(client, f"{PATH}?{query}"))
        return [entry["resource"]["id"] for entry in bundle.get("entry", ())]

    assert await search("status=booked") == [other, one]
    assert await search("date=2096-12-04") == [one]
    assert await search("date=ge2096-12-04&date=lt2096-12-07") == [one]
    assert await search("date=gt2096-12-04") == [other]
    assert await search("date=2096-12") == [other, one]
    assert await search("date=le2096-12-04T10:00:00-07:00") == [one]
    assert await search("date=lt2096-12-04T17:00:00Z") == []
    assert await search("status=noshow") == []
    assert await search("status=booked&status=proposed") == []
    assert _resource(await _get(client, f"{PATH}?_count=0"))["total"] == 3


@pytest.mark.parametrize(
    "query",
    [
        *("status=no-such", "date=tomorrow", "date=2026-13-01", "date=ge2026-02-30", "_count=-1"),
        *("_count=many", "_after=1", "patient=Sam", "_format=xml", "date=ne2026-12-04", "name=%00"),
    ],
)
async def test_a_query_that_cannot_be_read_is_a_400(client: WebClient, query: str) -> None:
    answer = await _get(client, f"{PATH}?{query}")
    assert answer.status == 400
    assert _resource(answer)["issue"][0]["code"] == "invalid"


async def test_an_unknown_reference_is_a_404(client: WebClient) -> None:
    answer = await _get(client, f"{PATH}/B77-777")
    assert (answer.status, _resource(answer)["issue"][0]["code"]) == (404, "not-found")


async def test_without_the_token_nothing_is_told_and_guessing_is_slowed(
    client: WebClient, bookings: BookingService
) -> None:
    (reference,) = await _book(bookings, 1)
    known, unknown = f"{PATH}/{reference}", f"{PATH}/B77-777"
    answers = [
        await client.get(known),
        await _get(client, unknown, ""),
        await _get(client, known, "x"),
    ]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"].startswith("Bearer")
    answer = await _get(client, PATH, f"{TOKEN}x")
    assert (answer.status, _resource(answer)["issue"][0]["code"]) == (429, "throttled")
    assert int(answer.headers["retry-after"]) > 0
    # Who has the token is not kept out by somebody who has not.
    assert (await _get(client, known)).status == 200


@given(
    st.dictionaries(st.sampled_from(["date", "status", "_count", "_after"]), st.lists(st.text()))
)
def test_any_query_is_read_or_refused(query: dict[str, list[str]]) -> None:
    try:
        assert read_query(query, ZONE).limit <= 200
    except BadQuery as error:
        assert error.status == 400
