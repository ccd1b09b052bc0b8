"""Reads what a page's form sent; nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from sanic.request import Request

from bot.guard.refusals import BadRequest

KIND = "application/x-www-form-urlencoded"
MAX_FIELDS = 50
# No address of the console has a longer query.
MAX_QUERY = 4_000
MAX_VALUE = 10_000


def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; of a field that comes twice the last value.

    Raises:
        BadRequest: when the body is no form in UTF-8, or has too many fields.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != KIND:
        raise BadRequest("Send the page's own form.")
    return _fields(request.body)


def query_of(request: Request) -> dict[str, str]:
    """The fields of an address; those without a value are left out.

    Raises:
        BadRequest: when it is too long or not in UTF-8.
    """
    query = request.query_string or ""
    if len(query) > MAX_QUERY:
        raise BadRequest("The address is too long.")
    return {name: value for name, value in _fields(query.encode()).items() if value}


def number_of(fields: Mapping[str, str], name: str) -> int | None:
    """A field's whole number; None when it has none, or one that no row can have."""
    value = fields.get(name, "")
    is_number = value.isascii() and value.isdigit() and len(value) < len(str(2**63))
    return int(value) if is_number else None


def _fields(encoded: bytes) -> dict[str, str]:
    try:
        text = encoded.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise BadRequest("The form cannot be read.") from None
    if any(len(value) > MAX_VALUE for _, value in pairs):
        raise BadRequest("A field is too long.")
    return {name: value.replace("\r\n", "\n") for name, value in pairs}
