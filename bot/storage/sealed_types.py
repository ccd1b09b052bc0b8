"""Column types whose values are encrypted in the database; each is bound to its own place.

The keys come with the database's dialect, so that two databases of a process may have their own.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Column, String, Text, bindparam, func, or_, type_coerce
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import TypeDecorator

from bot.storage.sealing import MAX_KEYS, KeyRing
from bot.storage.types import storable

MARK_LENGTH = 64
# JSON that holds nothing stays as it is: SQL may ask whether there is something.
HOLLOW = ("[]", "{}")


def carry(dialect: Any, keys: KeyRing) -> None:
    """Gives a database's dialect the keys that its sealed columns use."""
    dialect.data_keys = keys


def keys_of(dialect: Any) -> KeyRing:
    """The keys of a database; a dialect that was given none has none."""
    ring: KeyRing = getattr(dialect, "data_keys", None) or KeyRing()
    return ring


class _Sealed(TypeDecorator):  # type: ignore[misc]  # SQLAlchemy 1.4 carries no types
    impl = Text
    cache_ok = True

    def __init__(self, place: str, length: int | None = None) -> None:
        """Makes the type.

        Args:
            place: Table and column, as ``inbox.text``; values are bound to it.
            length: Which SQLite still has of the plain column before. It heeds no lengths, and to
                change one would mean to copy the table.
        """
        super().__init__()
        self.place = place
        self.length = length

    def load_dialect_impl(self, dialect: Any) -> Any:
        is_short = self.length is not None and dialect.name == "sqlite"
        return dialect.type_descriptor(String(self.length) if is_short else Text())


class SealedText(_Sealed):
    """Text, but for the few characters no database can hold."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else keys_of(dialect).seal(self.place, storable(value))

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else keys_of(dialect).open(self.place, value)


class SealedJson(_Sealed):
    """Any JSON value; ``None`` is SQL NULL, and an empty list or object is not sealed."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        if value is None:
            return None
        written = json.dumps(value)
        return written if written in HOLLOW else keys_of(dialect).seal(self.place, written)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(keys_of(dialect).open(self.place, value))


class Mark(TypeDecorator):  # type: ignore[misc]
    """A keyed hash of a sealed column's value, by which equal ones are found."""

    impl = String(MARK_LENGTH)
    cache_ok = True

    def __init__(self, place: str, number: int = 0) -> None:
        """Makes the type.

        Args:
            place: Of the sealed column.
            number: Of the key, newest first.
        """
        super().__init__()
        self.place = place
        self.number = number

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value is None:
            return None
        return keys_of(dialect).mark(self.place, value, self.number)


def is_value(sealed: Column, mark: Column, value: str) -> ColumnElement:
    """The rows whose sealed column has this value, under whichever key; case does not count.

    Args:
        sealed: A sealed column.
        mark: Its keyed hashes; NULL in rows from before there was encryption.
        value: In the clear.
    """
    place = sealed.type.place
    marks = [bindparam(None, value, Mark(place, number)) for number in range(MAX_KEYS)]
    is_old = mark.is_(None) & (func.lower(type_coerce(sealed, Text)) == value.lower())
    return or_(mark.in_(marks), is_old)


def is_sealed(column: Column) -> bool:
    """Whether a column's values are encrypted."""
    return isinstance(column.type, _Sealed)
