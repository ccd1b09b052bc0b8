from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sanic import Sanic
from web_client import WebClient

from bot.guard.fields import MAX_TEXT_CHARACTERS, message_id_of
from bot.openapi import openapi_document, openapi_routes

URL = "https://faq.clinic.example"
PUBLIC = {
    ("/webhooks/web/session", "post"),
    ("/webhooks/web/message", "post"),
    ("/webhooks/web/history", "get"),
    ("/webhooks/web/feedback", "post"),
    ("/visits/{link}", "get"),
    ("/api/fhir/Appointment", "get"),
    ("/api/fhir/Appointment/{id}", "get"),
    ("/healthz", "get"),
    ("/readyz", "get"),
    ("/metrics", "get"),
}


CONTINUE = {"/webhooks/web/continue", "/webhooks/web/continue/confirm"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document(URL)


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _message_body(document: dict[str, Any]) -> dict[str, Any]:
    body = document["paths"]["/webhooks/web/message"]["post"]["requestBody"]
    schema: dict[str, Any] = body["content"]["application/json"]["schema"]
    return schema


async def test_it_is_served() -> None:
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
    app.blueprint(openapi_routes(URL))
    answer = await WebClient(app).get("/openapi.json")
    assert (answer.status, answer.json) == (200, openapi_document(URL))


def test_it_names_the_public_routes_and_address(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.\d+\.\d+", document["openapi"])
    assert document["servers"] == [{"url": URL}]
    assert {(path, method) for path, method, _ in _operations(document)} == PUBLIC


def test_every_answer_is_described(document: dict[str, Any]) -> None:
    for path, method, operation in _operations(document):
        assert operation["summary"], (path, method)
        assert "200" in operation["responses"]
        assert all(answer["description"] for answer in operation["responses"].values())


@pytest.mark.parametrize(
    ("channels", "paths"),
    [
        ((), set()),
        (("sms",), {"/webhooks/sms", "/webhooks/sms/status", *CONTINUE}),
        (("messenger",), {"/webhooks/messenger"}),
    ],
)
def test_a_channel_that_is_off_is_not_in_it(channels: tuple[str, ...], paths: set[str]) -> None:
    described = openapi_document(URL, channels)
    assert set(described["paths"]) - set(openapi_document(URL)["paths"]) == paths
    for path in paths:
        responses = described["paths"][path]["post"]["responses"]
        refusal = "401" if path in CONTINUE else "403"
        assert {"400", refusal, "413"} <= set(responses)
        assert all(answer["description"] for answer in responses.values())


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(document))
    assert found
    assert set(found) <= document["components"]["schemas"].keys()


def test_the_limits_are_those_of_the_guard(document: dict[str, Any]) -> None:
    body = _message_body(document)
    assert set(body["required"]) == {"text", "message_id"}
    assert body["properties"]["text"]["maxLength"] == MAX_TEXT_CHARACTERS
    pattern = re.compile(body["properties"]["message_id"]["pattern"])
    for name in ("a", "x" * 64, "0b8a6f0e-8a53-4c2a-9f11-0a4f5f1f2a11"):
        assert pattern.search(name)
        assert message_id_of({"message_id": name}) == name
    for name in ("", "x" * 65, "a b", "é"):
        assert not pattern.search(name)


def test_json_is_taken_as_json_alone() -> None:
    document = openapi_document(URL, ("sms",))
    refusing = {path for path, _, each in _operations(document) if "415" in each["responses"]}
    assert refusing == {
        path
        for path, _, each in _operations(document)
        if set(each.get("requestBody", {}).get("content", {})) == {"application/json"}
    }
    assert len(refusing) == 5


def test_a_token_is_needed_for_what_is_private(document: dict[str, Any]) -> None:
    secured = {path for path, _, operation in _operations(document) if "security" in operation}
    assert secured == {
        "/webhooks/web/message",
        "/webhooks/web/history",
        "/webhooks/web/feedback",
        "/api/fhir/Appointment",
        "/api/fhir/Appointment/{id}",
    }
    for path, _, operation in _operations(document):
        assert ("401" in operation["responses"]) == (path in secured)
