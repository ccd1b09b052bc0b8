"""Column types that behave the same in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.types import TypeDecorator

ISO_LENGTH = len("2030-01-31T23:59:59.000000+00:00")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(timezone.utc)


def storable(text: str) -> str:
    """The text with what no database can hold replaced: NUL and lone surrogates.

    PostgreSQL refuses NUL and neither database can encode half a surrogate pair. Both reach us
    from JSON escapes a client may send, and must not fail the patient's message.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", REPLACEMENT)


class UtcTime(TypeDecorator):  # type: ignore[misc]  # SQLAlchemy 1.4 carries no types
    """An aware ``datetime``, kept as fixed-width ISO text in UTC so that text order is time order.

    Raises:
        ValueError: when given a time without a zone; guessing one would move appointments.
    """

    impl = String(ISO_LENGTH)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored time needs a time zone.")
        return value.astimezone(timezone.utc).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class IsoDay(TypeDecorator):  # type: ignore[misc]
    """A ``date``, kept as ISO text so that text order is the order of the days."""

    impl = String(len("2030-01-31"))
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Any) -> date | None:
        return None if value is None else date.fromisoformat(value)


class PlainText(TypeDecorator):  # type: ignore[misc]
    """Text kept exactly as given, but for the few characters no database can hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else storable(value)


class JsonText(TypeDecorator):  # type: ignore[misc]
    """Any JSON value, kept as ASCII text; ``None`` is SQL NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(value)
