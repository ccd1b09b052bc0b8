from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.contact import parse_email, parse_phone, readable_contact
from bot.reading.parsed import Fault


@pytest.mark.parametrize(
    "text",
    [
        "780-555-0199",
        "my cell is (780) 555 0199 thanks",
        "7805550199",
        "780.555.0199 ext 4",
        "1-780-555-0199",
        "+1 780 555 0199",
        "7 8 0 5 5 5 0 1 9 9",
        "٧٨٠٥٥٥٠١٩٩",
        "７８０５５５０１９９",
        "780 555 0199 or 587 555 0100",
    ],
)
def test_a_phone_number_is_found_however_it_is_written(text: str) -> None:
    assert parse_phone(text).value == "+17805550199"


def test_a_number_of_another_country_needs_its_code() -> None:
    assert parse_phone("+44 20 7946 0958").value == "+442079460958"
    assert parse_phone("0044 20 7946 0018").value == "+442079460018"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.MISSING),
        ("i dont have one", Fault.MISSING),
        ("555-0199", Fault.INCOMPLETE),
        ("123", Fault.INVALID),
        ("000-000-0000", Fault.INVALID),
        ("78055501999", Fault.INVALID),
        ("I have 2 kids, 3 dogs", Fault.INVALID),
        ("1" * 5000, Fault.INVALID),
    ],
)
def test_what_is_no_phone_number_says_why(text: str, fault: Fault) -> None:
    assert parse_phone(text).fault is fault


@given(st.text())
def test_any_text_gives_a_valid_number_or_a_fault(text: str) -> None:
    parsed = parse_phone(text)
    assert (parsed.value is None) != (parsed.fault is None)
    if parsed.value:
        assert phonenumbers.is_valid_number(phonenumbers.parse(parsed.value))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("sam@example.com", "sam@example.com"),
        ("its Sam.Lee+x@Example.CA.", "Sam.Lee+x@example.ca"),
        ("<sam@example.com>", "sam@example.com"),
        ("mailto:sam@example.com!", "sam@example.com"),
        ("sam@example.com, 780 555 0199", "sam@example.com"),
        ("用户@例子.广告", "用户@例子.广告"),
    ],
)
def test_an_email_address_is_found(text: str, address: str) -> None:
    assert parse_email(text).value == address


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.MISSING),
        ("sam at example dot com", Fault.MISSING),
        ("sam@example", Fault.INVALID),
        ("a@@b.com", Fault.INVALID),
        ("a@b.c@d.com", Fault.INVALID),
        ("sam@ex..com", Fault.INVALID),
        (".sam@example.com", Fault.INVALID),
        ("sam.@example.com", Fault.INVALID),
        ("sam@-example.com", Fault.INVALID),
        (f"{'x' * 70}@example.com", Fault.TOO_LONG),
    ],
)
def test_what_is_no_email_address_says_why(text: str, fault: Fault) -> None:
    assert parse_email(text).fault is fault


@pytest.mark.parametrize(
    ("contact", "written"),
    [
        ("+17805550123", "780-555-0123"),
        ("+442079460123", "+44 20 7946 0123"),
        ("sam@example.com", "sam@example.com"),
    ],
)
def test_a_contact_is_said_as_people_write_it(contact: str, written: str) -> None:
    assert readable_contact(contact) == written
