from __future__ import annotations

from collections import Counter

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import Redactor
from bot.settings import ROOT

CLINIC = "780-555-0142"
REDACTOR = Redactor([CLINIC, "frontdesk@example.com"])


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("call me at 780-555-0199 pls", "call me at [phone] pls"),
        ("(587) 555 0123 or +44 20 7946 0018", "[phone] or [phone]"),
        ("text 7805550199", "text [phone]"),
        ("my number is 403.555.0100.", "my number is [phone]."),
        (f"The clinic is {CLINIC}.", f"The clinic is {CLINIC}."),
        ("write to sam.example+x@mail.example.com today", "write to [email] today"),
        ("frontdesk@example.com", "frontdesk@example.com"),
        ("i live at T6E 4S8", "i live at [postal code]"),
        ("t6e4s8 close to you?", "[postal code] close to you?"),
        ("my ahc number is 12345-6789", "my ahc number is [health number]"),
        ("ahc 123456789", "ahc [health number]"),
        ("SIN 046 454 286", "SIN [health number]"),
        ("ohip 1234-567-890-AB", "ohip [health number]"),
        ("TREM 8012 1234", "[health number]"),
        ("card 4111 1111 1111 1111", "card [number]"),
        ("born 12/03/1980, back pain", "[birthday], back pain"),
        ("dob: March 5, 1971", "[birthday]"),
        ("I live at 10234 82 Avenue NW", "I live at [address]"),
        ("unit 5, 100 Example Street SW", "[address]"),
        ("see https://example.com/me?x=1", "see [web address]"),
        ("my name is Sam Example and my back hurts", "my name is [name] and my back hurts"),
        ("Hi, it's Priya, can I come friday", "Hi, it's [name], can I come friday"),
        ("this is 李小龙, my name is 李小龙", "this is [name], my name is [name]"),
        ("my husband Farid has sciatica", "my husband [name] has sciatica"),
        ("Dr. Nowak said it's a disc", "Dr. [name] said it's a disc"),
        ("I saw Jennifer Smith last week", "I saw [name] last week"),
    ],
)
def test_who_it_is_is_taken_out(text: str, redacted: str) -> None:
    known = ["李小龙"] if "李" in text else []
    assert REDACTOR.redact(text, known) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "does it hurt?",
        "Will it hurt, and may I drive afterwards?",
        "call 911, 811 or 988",
        "is L4-L5 a problem, and T12?",
        "I had 12 sessions in 2019 for $1,200",
        "on 4 December 2026 at 10:00",
        "it's a 10 minute drive, is there parking on your street",
        "does Blue Cross cover TENS?",
        "Is June or August better? In May I'm away.",
        "My doctor MRI'd me",
        "",
        "🙂",
    ],
)
def test_what_tells_of_nobody_stays(text: str) -> None:
    assert REDACTOR.redact(text) == text


def test_known_names_are_taken_out_in_any_case_and_by_parts() -> None:
    known = ["Robin del Test"]
    text = "Here is your request: Robin del Test; friday. ok robin, and TEST?"
    assert REDACTOR.redact(text, known) == (
        "Here is your request: [name]; friday. ok [name], and [name]?"
    )
    assert REDACTOR.redact("an al friday", ["An", "Al"]) == "an al friday"


def test_few_of_the_training_messages_are_touched() -> None:
    texts = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            texts += [line[2:].strip() for line in block["examples"].splitlines() if line]
    sample = texts[::12]
    touched = [text for text in sample if REDACTOR.redact(text) != text]
    assert len(sample) > 700
    assert len(touched) <= len(sample) * 0.04, Counter(touched)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_can_be_redacted(text: str) -> None:
    assert isinstance(REDACTOR.redact(text, [text[:40]]), str)


@settings(max_examples=60, deadline=None)
@given(
    st.from_regex(r"(?:780|403|587)-555-01\d\d", fullmatch=True),
    st.sampled_from(["call {}", "it's {} thanks", "{}", "my cell: {}.", "({}) or later"]),
)
def test_no_phone_stays(phone: str, sentence: str) -> None:
    if phone != CLINIC:
        assert phone not in REDACTOR.redact(sentence.format(phone))
