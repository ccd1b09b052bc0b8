"""Which numbers the clinic texts a code to."""

from __future__ import annotations

import phonenumbers

from bot.continuing.model import NotTextable
from bot.reading.contact import parse_phone, takes_texts
from bot.reading.parsed import Fault

# Texts to anywhere else cost the clinic much more, and strangers earn by having them sent.
REGIONS = frozenset({"CA", "US"})
INCOMPLETE = "That number looks incomplete. Please give it with its area code."
ELSEWHERE = "We can only text mobile numbers in Canada and the United States."


def textable(typed: str) -> str:
    """The number in what was typed, as E.164.

    Raises:
        NotTextable: when there is none, or it is not a number in Canada or the United States that
            may be a mobile phone's.
    """
    parsed = parse_phone(typed)
    if parsed.value is None:
        raise NotTextable(INCOMPLETE if parsed.fault is Fault.INCOMPLETE else ELSEWHERE)
    region = phonenumbers.region_code_for_number(phonenumbers.parse(parsed.value))
    if region not in REGIONS or not takes_texts(parsed.value):
        raise NotTextable(ELSEWHERE)
    return parsed.value
