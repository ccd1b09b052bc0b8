"""``GET /openapi.json``: the public routes, with the limits the guard really applies."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.booking.fhir_query import MAX_COUNT
from bot.guard.fields import MAX_TEXT_CHARACTERS, MESSAGE_ID
from bot.openapi_webhooks import webhook_paths
from bot.review.feedback import MAX_REMARK, REASONS, THUMBS

Schema = dict[str, Any]
FHIR_JSON = "application/fhir+json"


def openapi_routes(public_url: str, channels: Collection[str] = ()) -> Blueprint:
    """The route; the document is made once."""
    routes = Blueprint("openapi")
    document = openapi_document(public_url, channels)

    async def openapi(request: Request) -> HTTPResponse:
        return json(document)

    routes.add_route(openapi, "/openapi.json")
    return routes


def openapi_document(public_url: str, channels: Collection[str] = ()) -> Schema:
    """The OpenAPI 3 document.

    Args:
        public_url: The address patients use.
        channels: The channels of providers that are on.
    """
    return {
        "openapi": "3.0.3",
        "info": {"title": "Patient FAQ", "version": "1"},
        "servers": [{"url": public_url}],
        "components": {"schemas": _schemas(), "securitySchemes": _security()},
        "paths": {
            "/webhooks/web/session": {"post": _open_session()},
            "/webhooks/web/message": {"post": _take_message()},
            "/webhooks/web/history": {"get": _tell_history()},
            "/webhooks/web/feedback": {"post": _take_thumb()},
            **webhook_paths(channels),
            "/visits/{link}": {"get": _show_visit()},
            "/api/fhir/Appointment": {"get": _search_appointments()},
            "/api/fhir/Appointment/{id}": {"get": _read_appointment()},
            "/healthz": {"get": _plain("Live", {"200": _json({"type": "object"})})},
            "/readyz": {
                "get": _plain(
                    "Ready; 503 names the failing parts",
                    {"200": _json({"type": "object"}), "503": _json({"type": "object"})},
                )
            },
            "/metrics": {
                "get": _plain("Prometheus text", {"200": _content("text/plain", _string())})
            },
        },
    }


def _open_session() -> Schema:
    schema = _object({"session": _string(), "expires_at": _string(format="date-time")})
    return {
        **_plain(
            "Open a conversation", {"200": _json(schema), **_errors("400", "413", "415", "429")}
        ),
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
    }


def _take_message() -> Schema:
    body = _object(
        {
            "text": _string(minLength=1, maxLength=MAX_TEXT_CHARACTERS),
            "message_id": _string(pattern=f"^{MESSAGE_ID.pattern}$"),
        }
    )
    reply = _object({"messages": {"type": "array", "items": _ref("Message")}})
    errors = _errors("400", "401", "413", "415", "429", "503")
    return {
        **_plain("Send a message", {"200": _json(reply), **errors}),
        "security": [{"session": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
    }


def _tell_history() -> Schema:
    messages: Schema = {"type": "array", "items": {"type": "object"}}
    history = _object({"messages": messages})
    history["properties"]["person"] = _string(enum=["waiting", "here"])
    return {
        **_plain("The conversation so far", {"200": _json(history), **_errors("401", "503")}),
        "security": [{"session": []}],
    }


def _take_thumb() -> Schema:
    properties = {
        "message_id": _string(pattern=f"^{MESSAGE_ID.pattern}$"),
        "thumb": _string(enum=list(THUMBS)),
        "reason": _string(enum=list(REASONS)),
        "remark": _string(maxLength=MAX_REMARK),
    }
    body = {**_object(properties), "required": ["message_id", "thumb"]}
    messages = {"type": "array", "items": _ref("Message")}
    kept = _object({"thumb": _string(enum=list(THUMBS)), "messages": messages})
    errors = _errors("400", "401", "404", "413", "415", "429", "503")
    return {
        **_plain("Say whether an answer helped", {"200": _json(kept), **errors}),
        "security": [{"session": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
    }


def _show_visit() -> Schema:
    calendar = {"200": _content("text/calendar", _string())}
    link = {"name": "link", "in": "path", "required": True, "schema": _string()}
    return {
        **_plain("A visit for a calendar, by its signed link", {**calendar, **_errors("404")}),
        "parameters": [link],
    }


def _search_appointments() -> Schema:
    """Only where ``FHIR_TOKEN`` is set; elsewhere 404."""
    filters = {
        "date": _string(pattern=r"^(eq|ge|gt|le|lt|sa|eb)?\d{4}(-\d\d(-\d\d(T[\d:.+Z-]+)?)?)?$"),
        "status": _string(),
        "_count": {"type": "integer", "minimum": 0, "maximum": MAX_COUNT},
        "_after": _string(),
    }
    parameters = [{"name": n, "in": "query", "schema": schema} for n, schema in filters.items()]
    answers = _fhir("200", "400", "401", "404", "429")
    summary = "A page of requests and visits, as a FHIR R4 searchset"
    return {**_plain(summary, answers), "parameters": parameters, "security": [{"fhir": []}]}


def _read_appointment() -> Schema:
    parameters = [{"name": "id", "in": "path", "required": True, "schema": _string()}]
    answers = _fhir("200", "401", "404", "429")
    summary = "One request or visit, as a FHIR R4 Appointment"
    return {**_plain(summary, answers), "parameters": parameters, "security": [{"fhir": []}]}


def _fhir(*statuses: str) -> Schema:
    """An error is an OperationOutcome; where the route is off, 404 has the usual form."""
    schema = {"schema": {"type": "object"}}
    both = {FHIR_JSON: schema, "application/json": schema}
    return {status: {"description": "See FHIR R4.", "content": both} for status in statuses}


def _schemas() -> Schema:
    choice = _object({"title": _string(), "text": _string()})
    strings = {"type": "array", "items": _string()}
    return {
        "Error": _object({"error": _object({"code": _string(), "message": _string()})}),
        "Message": _object(
            {
                "text": _string(),
                "answer_ids": strings,
                "choices": {"type": "array", "items": choice},
                "source": _string(),
            }
        ),
    }


def _security() -> Schema:
    bearer = {"type": "http", "scheme": "bearer"}
    return {"session": bearer, "fhir": bearer}


def _plain(summary: str, responses: Schema) -> Schema:
    return {"summary": summary, "responses": responses}


def _errors(*statuses: str) -> Schema:
    return {status: _json(_ref("Error")) for status in statuses}


def _json(schema: Schema) -> Schema:
    return _content("application/json", schema)


def _content(kind: str, schema: Schema) -> Schema:
    return {"description": "See the schema.", "content": {kind: {"schema": schema}}}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _string(**limits: Any) -> Schema:
    return {"type": "string", **limits}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
