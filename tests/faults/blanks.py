"""What may stand in the blanks of the booking form's phrases: the patient's own, or a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

REFERENCE = re.compile(r"B\w{2}-\w{3}")
CALENDAR = re.compile(rf"https?://[\w.:-]+/visits/{REFERENCE.pattern}\.[\w-]{{27}}\.ics")
_WORD = re.compile(r"[^\W_]+")
_CALENDAR = set(
    _WORD.findall(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may "
        "june july august september october november december on and to then without first visit "
        "been here before"
    )
)
_CALENDAR |= {f"{day}s" for day in _CALENDAR if day.endswith("day")}
_DAY = re.compile(r"\d{1,2}|20\d\d")


class Blanks:
    """Checks the values that were filled in."""

    def __init__(self, hours: str, phone: str) -> None:
        """Keeps what of the clinic's own may be filled in: its hours and its phone."""
        self._hours = set(_words(hours))
        self._phone = phone

    def faults(self, values: Mapping[str, str], said: Sequence[str]) -> Iterator[str]:
        """What is wrong with the values of a phrase.

        Args:
            values: By the names of the blanks.
            said: What the patient has written so far.
        """
        for name, value in values.items():
            if not self._is_allowed(name, value, said):
                yield f"neither the patient's words nor a day in {{{name}}}: {value!r}"

    def _is_allowed(self, name: str, value: str, said: Sequence[str]) -> bool:
        if name == "reference":
            return REFERENCE.fullmatch(value) is not None
        if name == "calendar":
            return CALENDAR.fullmatch(value) is not None
        if name == "phone":
            return value == self._phone
        if name == "contact":
            return any(_is_said(value, text) for text in said)
        own = {word for text in said for word in _words(text)}
        return all(
            word in own or word in _CALENDAR or word in self._hours or _DAY.fullmatch(word)
            for word in _words(REFERENCE.sub("", value))
        )


def _is_said(contact: str, text: str) -> bool:
    """An email as it was written, or a number by its digits."""
    if "@" in contact:
        return contact.lower() in text.lower()
    return _digits(contact)[-10:] in _digits(text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
