from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.booking.fields import Fault, parse_consent, parse_reason, parse_visit

FIRST = """
first time|new|never been|yes it's my first|no i haven't|I haven't been before|brand new patient
im new|yep new|First visit|1st|not yet|never been to yours|nope never|i have not
first time at your clinic but ive had acupuncture before
"""
RETURNING = """
been before|returning|not my first time|i'm not new|no, i've been a few times|second visit
yes i have|ive been there|follow up|follow-up|regular|existing patient|came in march|coming back
been once|a few years ago|been b4|new to acupuncture but not to the clinic|couple times
it’s my second time|i was there last year|yes been before
"""
YES = """
yes|YES|yup!!|ya go ahead|ok|k|y|sure|sure why not|of course|that's fine|that’s fine|fine by me
no problem|no worries go ahead|i dont mind|no objection|Yes, you can|I agree|sounds good|👍|oui
yes of course, no problem|please|do it|send it|looks good|i do
"""
NO = """
no|n|nope|nah|no thanks|never|stop|not ok|i don't agree|I do not consent|i'd rather not|please don't
not really
absolutely not|you cannot|no way|i do not|negative|no don't|i don’t want you to keep it|👎
"""
UNCLEAR = """
maybe|not sure|what for?|why|yes but not my phone|no, that's fine|banana|is it safe|i dont know
only if you delete it later|ok?|ok but can you call me instead|wait|no it's ok
"""


def _wordings(block: str) -> list[str]:
    return [wording for line in block.strip().splitlines() for wording in line.split("|")]


@pytest.mark.parametrize("text", _wordings(FIRST))
def test_a_first_visit_is_understood(text: str) -> None:
    assert parse_visit(text).value == "first"


@pytest.mark.parametrize("text", _wordings(RETURNING))
def test_a_returning_patient_is_understood(text: str) -> None:
    assert parse_visit(text).value == "returning"


@pytest.mark.parametrize("text", ["yes", "no", "banana", ""])
def test_a_visit_that_is_not_said_is_unclear(text: str) -> None:
    assert parse_visit(text).fault is Fault.UNCLEAR


def test_a_bare_yes_means_what_the_question_asked() -> None:
    assert parse_visit("yes", yes_means="first").value == "first"
    assert parse_visit("nope", yes_means="first").value == "returning"
    assert parse_visit("nope", yes_means="returning").value == "first"
    assert parse_visit("banana", yes_means="first").fault is Fault.UNCLEAR


@pytest.mark.parametrize("text", _wordings(YES))
def test_yes_is_understood(text: str) -> None:
    assert parse_consent(text).value is True


@pytest.mark.parametrize("text", _wordings(NO))
def test_no_is_understood(text: str) -> None:
    assert parse_consent(text).value is False


@pytest.mark.parametrize("text", [*_wordings(UNCLEAR), ""])
def test_what_is_neither_yes_nor_no_is_not_consent(text: str) -> None:
    parsed = parse_consent(text)
    assert parsed.value is None
    assert parsed.fault is Fault.UNCLEAR


@pytest.mark.parametrize("text", ["lower back", "腰痛", "<b>'; --", "L4/L5", "7"])
def test_a_reason_is_kept_in_the_patients_words(text: str) -> None:
    assert parse_reason(f"  {text}\n").value == text


@pytest.mark.parametrize("text", ["", "  ", "???", "\n"])
def test_a_reason_needs_a_word(text: str) -> None:
    assert parse_reason(text).fault is Fault.MISSING


def test_a_long_reason_is_cut_at_a_word() -> None:
    value = parse_reason("stiff neck " * 100).value
    assert value is not None
    assert value.endswith(("stiff…", "neck…"))
    assert 480 < len(value) <= 500


@given(st.text(min_size=1, max_size=1200))
def test_a_reason_is_never_longer_than_the_limit(text: str) -> None:
    value = parse_reason(text).value
    assert value is None or 0 < len(value) <= 500
