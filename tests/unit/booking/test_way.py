from __future__ import annotations

import pytest

from bot.booking.fields import Fault
from bot.booking.model import Way
from bot.booking.way import names_a_way, parse_way, ways_to

PHONE: tuple[Way, ...] = ("text", "call")
EMAIL: tuple[Way, ...] = ("email",)


@pytest.mark.parametrize(
    ("contact", "ways"),
    [
        ("+17805550199", PHONE),
        ("sam@example.com", EMAIL),
        ("+442079460018", ("call",)),
        ("+447400123456", PHONE),
    ],
)
def test_a_contact_can_be_used_in_some_ways(contact: str, ways: tuple[Way, ...]) -> None:
    assert ways_to(contact) == ways


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("text", "text"),
        ("Text me please", "text"),
        ("txt", "text"),
        ("sms is fine", "text"),
        ("call", "call"),
        ("you can call me after 5", "call"),
        ("phone", "call"),
        ("a phone call", "call"),
        ("no, call", "call"),
        ("don't call, text", "text"),
        ("no calls, text me", "text"),
        ("text not call", "text"),
        ("either", "text"),
        ("text or call", "text"),
        ("call or text", "text"),
        ("yes", "text"),
        ("ok go ahead", "text"),
        ("\U0001f44d", "text"),
        ("email", "email"),
        ("no", "no"),
        ("No, don't send it", "no"),
        ("don't text or call", "no"),
        ("no texts and no calls", "no"),
        ("oui", "text"),
        ("par texto svp", "text"),
    ],
)
def test_a_plain_answer_is_taken(text: str, way: str) -> None:
    assert parse_way(text, PHONE).value == way


@pytest.mark.parametrize(
    "text",
    [
        "text?",
        "maybe text",
        "only text if its urgent",
        "call me Samantha",
        "that is my old phone number",
        "that is my old cell, text",
        "my phone is broken",
        "don't call",
        "no calls, texts",
        "text me but don't send it",
        "my texts cost a lot",
        "banana",
        "2",
        "",
        "why do you text",
    ],
)
def test_whatever_else_is_said_is_no_consent(text: str) -> None:
    assert parse_way(text, PHONE).fault is Fault.UNCLEAR


def test_a_yes_agrees_to_what_was_offered() -> None:
    assert parse_way("yes", EMAIL).value == "email"
    assert parse_way("yes", ("call",)).value == "call"


def test_a_name_is_no_way() -> None:
    assert names_a_way("please call me")
    assert not names_a_way("call me Samantha")
    assert not names_a_way("yes")
