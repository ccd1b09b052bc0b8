"""Reads a JSON body field by field, with limits that are documented in ``/openapi.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from bot.guard.refusals import BadRequest, TooLarge, WrongType

MAX_BODY_BYTES = 128 * 1024
# Meta puts up to a thousand events into one request.
MAX_BATCH_BYTES = 2 * 1024 * 1024
BATCHES = frozenset({"/webhooks/messenger"})
MAX_TEXT_CHARACTERS = 10_000
JSON = "application/json"
# Twilio sends some thirty; more with pictures.
MAX_FORM_FIELDS = 200
MESSAGE_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def check_size(path: str, body: bytes) -> None:
    """Lets a body pass that is not larger than its route takes.

    Raises:
        TooLarge: when it is.
    """
    limit = MAX_BATCH_BYTES if path.rstrip("/") in BATCHES else MAX_BODY_BYTES
    if len(body) > limit:
        raise TooLarge("The request is too large.")


def json_body(content_type: str, body: bytes) -> dict[str, Any]:
    """The body as a JSON object, from whoever says that it is one.

    Browsers ask for leave before a foreign page may send this type, but not before it sends text
    or a form.

    Raises:
        WrongType: when it is sent as something else.
        BadRequest: as ``json_object``.
    """
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise WrongType(f"Send the body as {JSON}.")
    return json_object(body)


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        BadRequest: when it is not valid UTF-8, not JSON or not an object.
    """
    try:
        parsed = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadRequest("The body must be JSON in UTF-8.") from None
    if not isinstance(parsed, dict):
        raise BadRequest("The body must be a JSON object.")
    return parsed


def form_fields(body: bytes) -> dict[str, list[str]]:
    """The fields of a form body, each with all its values; the empty ones too.

    Raises:
        BadRequest: when it is no UTF-8, or has more than ``MAX_FORM_FIELDS``.
    """
    try:
        return parse_qs(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS
        )
    except ValueError:
        raise BadRequest("The body must be a form in UTF-8.") from None


def text_of(body: Mapping[str, Any]) -> str:
    """The patient's words; lone surrogates are replaced, since no database can keep them.

    Raises:
        BadRequest: when there is no text, or only white space.
        TooLarge: over ``MAX_TEXT_CHARACTERS``.
    """
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadRequest("Please write a message: `text` is empty.")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise TooLarge(f"A message may have {MAX_TEXT_CHARACTERS:,} characters at most.")
    return text.encode("utf-8", "replace").decode("utf-8")


def message_id_of(body: Mapping[str, Any]) -> str:
    """The client's own id of the message.

    Raises:
        BadRequest: when it is not 1 to 64 letters, digits or ``._:-``.
    """
    value = body.get("message_id")
    if not isinstance(value, str) or not MESSAGE_ID.fullmatch(value):
        raise BadRequest("`message_id` must be a UUID or a like name of 64 characters at most.")
    return value
