"""Reads values out of a patient's words: days, times, names, phones, emails. Pure functions.

Understanding sets them as entities, the booking form reads its fields from them. Nothing here knows
Rasa, the turn or the clinic's content; the time zone and the province are handed in.
"""

from __future__ import annotations

from datetime import datetime

from bot.reading.entity import DATE, DAY_PART, EMAIL, KINDS, PERSON, PHONE, TIME, WHEN, Entity, Read

__all__ = [
    "DATE",
    "DAY_PART",
    "EMAIL",
    "KINDS",
    "PERSON",
    "PHONE",
    "TIME",
    "WHEN",
    "Entity",
    "Read",
    "read",
]


def read(text: str, now: datetime, timezone: str, province: str) -> Read:
    """What is in a text; see ``bot.reading.reader.Reader``.

    Where understanding has read the message already, as in the assistant itself, its entities are
    used instead, and spaCy need not be loaded.
    """
    from bot.reading.reader import reader

    return reader(timezone, province).read(text, now)
