"""Reads a JSON body field by field, with limits that are documented in ``/openapi.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.guard.refusals import BadRequest, TooLarge

MAX_BODY_BYTES = 128 * 1024
MAX_TEXT_CHARACTERS = 10_000
MESSAGE_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


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
