from __future__ import annotations

import pytest

from bot.reading.contact import find_phones
from bot.reading.signature import unannounced


def _named(text: str) -> str | None:
    phones = [(start, end) for start, end, _ in find_phones(text)]
    return next((text[start:end] for start, end in unannounced(text, phones)), None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("need a visit friday, Priya Shah 780-555-0134", "Priya Shah"),
        ("hi its sam 780 555 0134", "sam"),
        ("its robin lee, can i come in?", "robin lee"),
        ("hello this is omar here, any time friday", "omar"),
        ("Hi, Deborah here. Any evening?", "Deborah"),
        ("any morning. Thanks, Jo", "Jo"),
        ("friday please - Amy Tran", "Amy Tran"),
        ("780-555-0134, Li Wei", "Li Wei"),
        ("Booking for Jean-Luc O'Neil, Dec 8", "Jean-Luc O'Neil"),
        ("my daughter Mei needs an appointment", "Mei"),
        ("\u738b\u5c0f\u660e 780-555-0134", "\u738b\u5c0f\u660e"),
    ],
)
def test_a_name_is_found_where_it_stands(text: str, name: str) -> None:
    assert _named(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "its urgent, can i come today",
        "im sore 780 555 0134",
        "this is killing me, any time?",
        "call me 780 555 0134",
        "NEED APPT 780 555 0134",
        "book for Tuesday",
        "thanks, Friday",
        "my son needs a visit",
        "need a visit for my neck, TMJ",
        "Phone: 780 555 0134",
        "",
    ],
)
def test_what_is_no_name_is_left(text: str) -> None:
    assert _named(text) is None
