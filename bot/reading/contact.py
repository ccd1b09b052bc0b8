"""How the clinic can reach the patient: phone and email, found in what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

from bot.reading.parsed import Fault, Parsed

REGION = "CA"
NORTH_AMERICA = 1
# What is longer than this is not an answer to "what is your number?".
LOOKED_AT = 500
FEWEST_DIGITS = re.compile(r"(?:\d\D{0,3}){7}")
LOCAL_DIGITS = 7
NATIONAL_DIGITS = 10
MAX_EMAIL = 254
MAX_LOCAL_PART = 64

_EMAIL = re.compile(
    r"(?<![^\s<>()\[\],;:\"])[^\s@<>()\[\],;:\"]+@[\w.-]+\.[^\W\d_]{2,}(?![^\W_]|@)"
)
# How a number abroad is begun in most of the world; here it would be 011.
_TRUNK = re.compile(r"(?<!\d)00[\s-]?(?=[1-9])")
_LETTER = re.compile(r"[^\W\d_]")


def find_phones(text: str, region: str = REGION) -> Iterator[tuple[int, int, str]]:
    """Every phone number in a text: where it stands, and its E.164 form without an extension.

    Args:
        text: Any text.
        region: Where a number without a country code is.
    """
    # Cheap, for the many texts without one.
    if FEWEST_DIGITS.search(text) is None:
        return
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
        yield (
            match.start,
            match.end,
            phonenumbers.format_number(match.number, PhoneNumberFormat.E164),
        )


def find_emails(text: str) -> Iterator[tuple[int, int, str]]:
    """Every email address in a text: where it stands, and its form with a small domain."""
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        checked = _checked_email(match.group())
        if checked.value is not None:
            yield match.start(), match.end(), checked.value


def parse_phone(text: str, region: str = REGION) -> Parsed[str]:
    """The first phone number in a text.

    Args:
        text: What the patient typed, with words around the number or without.
        region: Where a number without a country code is.

    Returns:
        The number as E.164, without an extension. Or a fault: MISSING when there are no digits,
        INCOMPLETE for a number without its area code or some of its digits, INVALID for digits that
        are no number.
    """
    seen = text[:LOOKED_AT]
    for _, _, number in find_phones(seen, region):
        return Parsed(number)
    for _, _, number in find_phones(_TRUNK.sub("+", seen, count=1), region):
        return Parsed(number)
    digits = "".join(character for character in seen if character.isdecimal())
    if not digits:
        return Parsed(fault=Fault.MISSING)
    if LOCAL_DIGITS <= len(digits) < NATIONAL_DIGITS or _is_short(seen, region):
        return Parsed(fault=Fault.INCOMPLETE)
    return _oddly_spaced(seen, region)


def takes_texts(number: str) -> bool:
    """Whether a text message may reach a number; a landline where numbers tell takes none.

    Args:
        number: E.164. In North America no number tells a landline from a mobile phone.
    """
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def readable_contact(contact: str) -> str:
    """A phone number as people here write it, "780-555-0123"; anything else as it is.

    Args:
        contact: E.164 or an email address.
    """
    if not contact.startswith("+"):
        return contact
    number = phonenumbers.parse(contact)
    if number.country_code != NORTH_AMERICA:
        return str(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))
    digits = str(number.national_number)
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def _is_short(text: str, region: str) -> bool:
    """Whether "+44 20 7946" begins a number."""
    if "+" not in text:
        return False
    try:
        number = phonenumbers.parse(text[text.index("+") :], region)
    except phonenumbers.NumberParseException:
        return False
    return bool(
        phonenumbers.is_possible_number_with_reason(number)
        == phonenumbers.ValidationResult.TOO_SHORT
    )


def _oddly_spaced(text: str, region: str) -> Parsed[str]:
    """Reads "7 8 0 5 5 5 0 1 9 9"; letters rule it out, for they could spell a number."""
    if _LETTER.search(text):
        return Parsed(fault=Fault.INVALID)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Parsed(fault=Fault.INVALID)
    if not phonenumbers.is_valid_number(number):
        return Parsed(fault=Fault.INVALID)
    return Parsed(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def parse_email(text: str) -> Parsed[str]:
    """The first email address in a text.

    Returns:
        The address, its domain in lower case. Or a fault: MISSING without an "@", TOO_LONG or
        INVALID.
    """
    if "@" not in text:
        return Parsed(fault=Fault.MISSING)
    match = _EMAIL.search(text[: LOOKED_AT + MAX_EMAIL])
    return _checked_email(match.group()) if match else Parsed(fault=Fault.INVALID)


def _checked_email(address: str) -> Parsed[str]:
    local, _, domain = address.partition("@")
    if ".." in address or local.startswith("."):
        return Parsed(fault=Fault.INVALID)
    if len(address) > MAX_EMAIL or len(local) > MAX_LOCAL_PART:
        return Parsed(fault=Fault.TOO_LONG)
    if local.endswith(".") or domain.startswith((".", "-")):
        return Parsed(fault=Fault.INVALID)
    return Parsed(f"{local}@{domain.lower()}")
