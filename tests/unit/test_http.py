from __future__ import annotations

import logging
import uuid
from types import SimpleNamespace
from typing import cast

import pytest
from sanic import Sanic
from sanic.exceptions import (
    InvalidUsage,
    PayloadTooLarge,
    SanicException,
    ServiceUnavailable,
)
from sanic.request import Request
from sanic.response import HTTPResponse, text
from web_client import WebClient

from bot.errors import BotError, SettingError
from bot.guard.refusals import BadRequest, TooFast, TooLarge, Unauthorized
from bot.http import HEADERS, INTERNAL, dumps, handle_error, protect
from bot.metrics import REGISTRY

CLINIC = "https://clinic.example"
PATIENT_WORDS = "my secret pain"


class Route:
    """One route that fails in the way a test asks for."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    async def answer(self, request: Request) -> HTTPResponse:
        if self.error is not None:
            raise self.error
        return text("fine")


@pytest.fixture
def route() -> Route:
    return Route()


@pytest.fixture
def client(route: Route) -> WebClient:
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
    protect(app, (CLINIC,))
    app.add_route(route.answer, "/page")
    app.add_route(route.answer, "/webhooks/web/thing", methods=["GET", "POST"])
    return WebClient(app)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (BadRequest("No."), 400, "bad_request"),
        (Unauthorized("No."), 401, "bad_session"),
        (TooLarge("No."), 413, "too_large"),
        (TooFast(9), 429, "too_fast"),
        (InvalidUsage(PATIENT_WORDS), 400, "bad_request"),
        (PayloadTooLarge(PATIENT_WORDS), 413, "too_large"),
        (SanicException(PATIENT_WORDS, status_code=503), 503, "unavailable"),
        (SanicException(PATIENT_WORDS, status_code=418), 418, "error"),
        (SettingError("The file /srv/x is wrong."), 500, "bad_setting"),
        (ValueError(PATIENT_WORDS), 500, "internal"),
    ],
)
async def test_every_error_has_the_one_form(
    client: WebClient, route: Route, error: Exception, status: int, code: str
) -> None:
    route.error = error
    answer = await client.get("/page")
    assert answer.status == status
    assert set(answer.json) == {"error"}
    assert set(answer.json["error"]) == {"code", "message"}
    assert answer.json["error"]["code"] == code
    assert PATIENT_WORDS not in answer.body.decode()


async def test_a_refusal_says_its_own_words(client: WebClient, route: Route) -> None:
    route.error = BadRequest("Please write a message.", remedy="inside", extra={"cause": "inside"})
    answer = await client.get("/page")
    assert answer.json["error"]["message"] == "Please write a message."
    assert "inside" not in answer.body.decode()


@pytest.mark.parametrize("error", [SettingError("/srv/x is wrong."), KeyError("/srv/x")])
async def test_a_fault_of_ours_shows_nothing_of_the_inside(
    client: WebClient, route: Route, error: Exception
) -> None:
    route.error = error
    answer = await client.get("/page")
    assert answer.json["error"]["message"] == INTERNAL
    assert "/srv/x" not in answer.body.decode()


async def test_an_unexpected_error_is_logged_by_its_kind_without_its_words(
    client: WebClient, route: Route, caplog: pytest.LogCaptureFixture
) -> None:
    route.error = ValueError(PATIENT_WORDS)
    with caplog.at_level(logging.ERROR, "bot.http"):
        await client.get("/page")
    assert "ValueError" in caplog.text
    assert "in answer" in caplog.text
    assert PATIENT_WORDS not in caplog.text


async def test_a_fault_of_ours_is_logged_with_its_remedy(
    client: WebClient, route: Route, caplog: pytest.LogCaptureFixture
) -> None:
    route.error = SettingError("/srv/x is wrong.", remedy="Correct it.")
    with caplog.at_level(logging.ERROR, "bot.http"):
        await client.get("/page")
    assert "/srv/x is wrong. Correct it." in caplog.text


async def test_too_fast_says_when_to_come_back(client: WebClient, route: Route) -> None:
    route.error = TooFast(17)
    assert (await client.get("/page")).headers["retry-after"] == "17"
    route.error = BadRequest("No.")
    assert "retry-after" not in (await client.get("/page")).headers


async def test_an_unknown_path_is_not_repeated(client: WebClient) -> None:
    answer = await client.get("/nothing/here")
    assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")
    assert "nothing/here" not in answer.body.decode()


async def test_a_wrong_method_is_refused(client: WebClient) -> None:
    answer = await client.post("/page", b"")
    assert (answer.status, answer.json["error"]["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("path", ["/page", "/missing"])
async def test_every_response_is_guarded(client: WebClient, path: str) -> None:
    headers = (await client.get(path)).headers
    for name, value in HEADERS.items():
        assert headers[name.lower()] == value
    assert "unsafe-inline" not in headers["content-security-policy"]


async def test_only_a_listed_website_may_read_the_chat(client: WebClient) -> None:
    listed = await client.get("/webhooks/web/thing", origin=CLINIC)
    assert listed.headers["access-control-allow-origin"] == CLINIC
    assert listed.headers["vary"] == "Origin"
    for origin in ("https://evil.example", "null", f"{CLINIC}.evil.example"):
        other = await client.get("/webhooks/web/thing", origin=origin)
        assert "access-control-allow-origin" not in other.headers
        assert other.headers["vary"] == "Origin"


async def test_other_pages_are_shared_with_no_website(client: WebClient) -> None:
    assert "access-control-allow-origin" not in (await client.get("/page", origin=CLINIC)).headers


async def test_a_listed_website_may_ask_before_it_posts(client: WebClient) -> None:
    answer = await client.call("OPTIONS", "/webhooks/web/message", origin=CLINIC)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == CLINIC
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    other = await client.call("OPTIONS", "/webhooks/web/message", origin="https://evil.example")
    assert "access-control-allow-origin" not in other.headers


def _refused(code: str) -> float:
    return REGISTRY.get_sample_value("bot_requests_refused_total", {"code": code}) or 0.0


async def test_refusals_are_counted(client: WebClient, route: Route) -> None:
    before = _refused("too_fast")
    route.error = TooFast(1)
    await client.get("/page")
    assert _refused("too_fast") == before + 1


class _Transport:
    def __init__(self, has_left: bool) -> None:
        self._has_left = has_left

    def is_closing(self) -> bool:
        return self._has_left


@pytest.mark.parametrize(("has_left", "counted"), [(True, 0), (False, 1)])
def test_a_client_that_has_left_is_no_fault_of_ours(has_left: bool, counted: int) -> None:
    before = _refused("unavailable")
    request = cast(Request, SimpleNamespace(transport=_Transport(has_left), method="POST"))
    handle_error(request, ServiceUnavailable("Cancelled"))
    assert _refused("unavailable") == before + counted


async def test_an_error_of_ours_keeps_its_status(client: WebClient, route: Route) -> None:
    class Down(BotError):
        code = "database_unavailable"
        status = 503

    route.error = Down("The database at db.internal is down.")
    answer = await client.get("/page")
    assert (answer.status, answer.json["error"]["code"]) == (503, "database_unavailable")
    assert "db.internal" not in answer.body.decode()


async def test_what_is_meant_for_patients_is_told_though_the_fault_is_ours(
    client: WebClient, route: Route
) -> None:
    class Sorry(BotError):
        status = 503
        is_told = True

    route.error = Sorry("Please call the clinic.", remedy="Start the database.")
    answer = await client.get("/page")
    assert answer.json["error"]["message"] == "Please call the clinic."
    assert "database" not in answer.body.decode()


def test_json_is_written_plainly() -> None:
    assert dumps({"answer_ids": ["faq/does_it_hurt"], "text": "é"}) == (
        '{"answer_ids":["faq/does_it_hurt"],"text":"é"}'
    )
