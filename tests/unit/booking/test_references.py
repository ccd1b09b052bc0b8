from __future__ import annotations

import re

import pytest

from bot.booking.key import key_of
from bot.booking.references import (
    draw_reference,
    find_reference,
    tidy_reference,
    without_references,
)


@pytest.mark.parametrize("typed", ["b7k-3qd", "B7K3QD", " b7k 3qd ", "b7k–3qd", "#B7K-3QD."])
def test_a_reference_is_read_however_it_was_typed(typed: str) -> None:
    assert tidy_reference(typed) == "B7K-3QD"
    assert find_reference(typed) == "B7K-3QD"
    assert find_reference(f"cancel {typed} pls") == "B7K-3QD"


def test_references_have_no_letters_that_look_alike() -> None:
    drawn = [draw_reference() for _ in range(300)]
    assert all(re.fullmatch(r"B[0-9A-Z]{2}-[0-9A-Z]{3}", reference) for reference in drawn)
    free = set("".join(reference[1:] for reference in drawn))
    assert not free & set("0O1IL2Z5S8BUVAEY")
    assert len(set(drawn)) > 290
    assert [find_reference(f"my visit {reference.lower()}?") for reference in drawn] == drawn


@pytest.mark.parametrize(
    "text",
    ["book", "back", "b4 7pm", "b12 shots", "before noon", "bck pnt", "B7K-3QDD", "xB7K-3QD", ""],
)
def test_what_is_no_reference_is_not_taken_for_one(text: str) -> None:
    assert find_reference(text) is None
    assert without_references(text) == text


def test_a_key_is_the_reference_and_the_phone_and_leaves_the_rest() -> None:
    key = key_of("cancel b7k 3qd, i'm on 780 555 0199 thanks")
    assert (key.reference, key.phone) == ("B7K-3QD", "+17805550199")
    assert key.rest.split() == ["cancel", ",", "i'm", "on", "thanks"]
    assert key_of("780-555-0199").reference is None
    assert key_of("B7K-3QD").phone is None
    assert key_of("780-555-0199").after("B7K-3QD").reference == "B7K-3QD"
