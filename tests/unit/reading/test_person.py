from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.parsed import Fault
from bot.reading.person import find_people, parse_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sam Lee", "Sam Lee"),
        ("it's Sam", "Sam"),
        ("it’s Sam", "Sam"),
        ("its sam", "sam"),
        ("hi im sam", "sam"),
        ("hello, Sam", "Sam"),
        ("my name is Sam Lee", "Sam Lee"),
        ("My name's Sam and I have back pain", "Sam"),
        ("Sam's my name", "Sam"),
        ("name: Sam Lee", "Sam Lee"),
        ("sam here", "sam"),
        ("Sam Lee speaking, thanks!", "Sam Lee"),
        ("call me Al", "Al"),
        ("it's for my son Jake Lee", "Jake Lee"),
        ("this is Sam from Sherwood Park", "Sam"),
        ("Sam Lee 780-555-0199", "Sam Lee"),
        ("Sam Lee, sam@example.com", "Sam Lee"),
        ("Samantha, but everyone calls me Sam", "Samantha"),
        ("Sam Lee, and I'd like friday", "Sam Lee"),
        ("I go by Sam", "Sam"),
        ("put Sam Lee", "Sam Lee"),
        ("my husband, Jake", "Jake"),
        ("Sam is my first name", "Sam"),
        ("Sam\n Lee", "Sam Lee"),
    ],
)
def test_the_name_is_taken_from_what_was_typed(text: str, name: str) -> None:
    assert parse_name(text).value == name


@pytest.mark.parametrize(
    "name",
    [
        "李小龙",
        "Олена Шевченко",
        "محمد علي",
        "क्षितिज शर्मा",
        "O'Brien-Smith, Anne Marie",
        "María del Carmen de la Fuente y Rodríguez",
        "J. R. Smith",
        "N’Golo",
        "You",
        "May",
        "Do Nguyen",
        "Will Book",
        "Robert'); DROP TABLE bookings;--",
        "<b>Sam</b>",
        "x" * 80,
    ],
)
def test_a_name_is_kept_as_it_is_spelled(name: str) -> None:
    assert parse_name(name).value == name


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.MISSING),
        ("   ", Fault.MISSING),
        ("12345", Fault.INVALID),
        ("780 555 0199", Fault.INVALID),
        ("😀", Fault.INVALID),
        ("www.example.com", Fault.INVALID),
        ("https://example.com/x", Fault.INVALID),
        ("x" * 81, Fault.TOO_LONG),
        ("yes", Fault.UNCLEAR),
        ("skip", Fault.UNCLEAR),
        ("my name", Fault.UNCLEAR),
        ("never mind", Fault.UNCLEAR),
        ("for myself", Fault.UNCLEAR),
        ("same as before", Fault.UNCLEAR),
        ("can i pay by visa", Fault.UNCLEAR),
        ("why do you need it?", Fault.UNCLEAR),
        ("how much does it cost", Fault.UNCLEAR),
        ("i dont want to say", Fault.UNCLEAR),
        ("i'm a new patient", Fault.UNCLEAR),
        ("im not telling", Fault.UNCLEAR),
        ("I am in pain", Fault.UNCLEAR),
        ("I need an appointment tomorrow", Fault.UNCLEAR),
        ("call me tomorrow", Fault.UNCLEAR),
    ],
)
def test_what_is_no_name_says_why(text: str, fault: Fault) -> None:
    assert parse_name(text).fault is fault


NAMES = [
    "Maria del Carmen Santos Ruiz",
    "Ana Maria Lopez Garcia",
    "Ludwig van der Berg",
    "Jean-Luc O’Brien",
    "Abdul bin Salman al Rashid",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        "hi, this is {} and I want to book",
        "My name is {}, can I come friday",
        "book me in. It's {}.",
        "I'm {}",
    ],
)
def test_an_introduced_name_is_found_whole(text: str, name: str) -> None:
    said = text.format(name)
    ((start, end, is_stated),) = find_people(said)
    assert said[start:end] == name
    assert is_stated == ("My name" in said)


@pytest.mark.parametrize(
    "text",
    ["it's urgent", "It's Friday tomorrow", "I'M SAM", "this is A", "my name is on the list"],
)
def test_nobody_is_found_where_nobody_is_named(text: str) -> None:
    assert list(find_people(text)) == []


@given(st.text())
def test_a_name_is_never_empty_or_too_long(text: str) -> None:
    parsed = parse_name(text)
    assert (parsed.value is None) != (parsed.fault is None)
    if parsed.value is not None:
        assert 0 < len(parsed.value) <= 80
