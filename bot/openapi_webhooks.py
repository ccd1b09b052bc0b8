"""The part of the OpenAPI document on providers' webhooks; only channels that are on are in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

Schema = dict[str, Any]
TWIML = {"text/xml": {"schema": {"type": "string"}}}
PLAIN = {"text/plain": {"schema": {"type": "string"}}}
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
WORDS = {
    "400": "The body cannot be read, or lacks a field.",
    "403": "The signature or the token is not right.",
    "413": "The body is too large.",
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
    if "messenger" in channels:
        paths["/webhooks/messenger"] = {"get": _handshake(), "post": _events()}
    return paths


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
