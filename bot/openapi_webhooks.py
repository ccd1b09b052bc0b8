"""The part of the OpenAPI document on providers' webhooks; only channels that are on are in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.channels.web_continue import MAX_CODE, MAX_PHONE

Schema = dict[str, Any]
TWIML = {"text/xml": {"schema": {"type": "string"}}}
PLAIN = {"text/plain": {"schema": {"type": "string"}}}
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
WORDS = {
    "400": "The body cannot be read, or lacks a field.",
    "403": "The signature or the token is not right.",
    "401": "The session is missing or over.",
    "409": "No code was asked for.",
    "410": "The code is over, or was typed wrong too often.",
    "413": "The body is too large.",
    "415": "The body was not sent as application/json.",
    "422": "The number cannot be texted, or the code is another one.",
    "429": "Too many requests; Retry-After says when to try again.",
    "503": "The message could not be kept; deliver it again.",
}


def webhook_paths(channels: Collection[str]) -> Schema:
    """The paths of the channels that are on."""
    paths: Schema = {}
    if "sms" in channels:
        paths["/webhooks/sms"] = {"post": _form("A text from a patient", "Taken", TWIML, "503")}
        paths["/webhooks/sms/status"] = {
            "post": {**_form("A report on a text", "", {}), "responses": _status_responses()}
        }
        paths |= continue_paths()
    if "messenger" in channels:
        paths["/webhooks/messenger"] = {"get": _handshake(), "post": _events()}
    return paths


def continue_paths() -> Schema:
    """How a web chat goes on by text message."""
    text = {"type": "string", "minLength": 1}
    asked = {"phone": {"type": "string"}, "expires_at": {"type": "string", "format": "date-time"}}
    messages = {"type": "array", "items": {"$ref": "#/components/schemas/Message"}}
    linked = {"linked": {"type": "boolean"}, "messages": messages}
    return {
        "/webhooks/web/continue": {
            "post": _by_session(
                "Ask for a code by text message", {"phone": {**text, "maxLength": MAX_PHONE}}, asked
            )
        },
        "/webhooks/web/continue/confirm": {
            "post": _by_session(
                "Prove the phone by the code",
                {"code": {**text, "maxLength": MAX_CODE}},
                linked,
                "409",
                "410",
            )
        },
    }


def _by_session(summary: str, fields: Schema, answer: Schema, *more: str) -> Schema:
    statuses = ("400", "401", *more, "413", "415", "422", "429", "503")
    errors = {status: _error(status) for status in statuses}
    return {
        "summary": summary,
        "security": [{"session": []}],
        "requestBody": {"required": True, "content": _json_of(fields)},
        "responses": {"200": {"description": "Done", "content": _json_of(answer)}, **errors},
    }


def _json_of(properties: Schema) -> Schema:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"application/json": {"schema": schema}}


def _form(summary: str, taken: str, content: Schema, *more: str) -> Schema:
    properties = {
        name: {"type": "string"} for name in ("MessageSid", "From", "To", "Body", "NumMedia")
    }
    schema = {"type": "object", "properties": properties, "required": ["MessageSid", "From"]}
    return {
        "summary": summary,
        "parameters": [_header("X-Twilio-Signature")],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": schema}},
        },
        "responses": {"200": {"description": taken, "content": content}, **_errors(*more)},
    }


def _status_responses() -> Schema:
    return {"204": {"description": "Kept"}, **_errors()}


def _handshake() -> Schema:
    names = ("hub.mode", "hub.verify_token", "hub.challenge")
    return {
        "summary": "Meta's handshake",
        "parameters": [
            {"name": name, "in": "query", "required": True, "schema": {"type": "string"}}
            for name in names
        ],
        "responses": {
            "200": {"description": "The challenge", "content": PLAIN},
            **{status: _error(status) for status in ("403",)},
        },
    }


def _events() -> Schema:
    schema = {"type": "object", "properties": {"object": {"type": "string"}}}
    return {
        "summary": "A batch of Messenger events",
        "parameters": [_header("X-Hub-Signature-256")],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "Taken", "content": PLAIN}, **_errors("503")},
    }


def _header(name: str) -> Schema:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}


def _errors(*more: str) -> Schema:
    return {status: _error(status) for status in ("400", "403", "413", *more)}


def _error(status: str) -> Schema:
    return {"description": WORDS[status], "content": ERROR}
