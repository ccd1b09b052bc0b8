from __future__ import annotations

import pytest

from bot.reading.for_whom import ForWhom, for_whom


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("tuesday works, for Sam O'Neil", ForWhom("Sam O'Neil", False, False, False)),
        ("tuesday 10 for Sam please", ForWhom("Sam", False, False, False)),
        ("for Maria del Carmen", ForWhom("Maria del Carmen", False, False, True)),
        ("its for Sam Lee.", ForWhom("Sam Lee", False, True, True)),
        ("It’s for my mom, Joan Lee", ForWhom("Joan Lee", True, True, True)),
        ("friday, for my mom joan", ForWhom("joan", True, False, False)),
        ("for Sam Lee 780 555 0134", ForWhom("Sam Lee", False, False, False)),
    ],
)
def test_whom_a_visit_is_for_is_read(text: str, whom: ForWhom) -> None:
    assert for_whom(text) == whom


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tuesday works for me",
        "for my mom",
        "for my mom please",
        "for my son only",
        "for my mom friday",
        "for my mom's back",
        "for my friend Lisa's wedding",
        "tuesday for Cupping",
        "tuesday for Weight Loss",
        "for Tuesday",
        "for TMJ",
        "ask for Joan",
        "for Jordan says so",
        "my friend Lisa said you help",
        "for sam lee",
    ],
)
def test_other_words_are_no_name(text: str) -> None:
    assert for_whom(text) is None
