"""What reaches a request from anywhere: its reference and the phone number it was made with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.booking.references import find_reference, without_references
from bot.reading.contact import find_phones


@dataclass(frozen=True)
class Key:
    """What of the key a message holds.

    Attributes:
        reference: Tidied, or None.
        phone: E.164, or None.
        rest: The message without the two.
    """

    reference: str | None
    phone: str | None
    rest: str

    def after(self, reference: str | None) -> Key:
        """The same with a reference that was given before, unless it names one itself."""
        return Key(self.reference or reference, self.phone, self.rest)


def key_of(text: str) -> Key:
    """Reads a message; the digits of a reference are no part of a phone number."""
    reference = find_reference(text)
    rest = without_references(text)
    for start, end, phone in find_phones(rest):
        return Key(reference, phone, f"{rest[:start]} {rest[end:]}")
    return Key(reference, None, rest)
