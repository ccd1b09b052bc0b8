from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.outbox import REPLY, Letter, State
from bot.turn.choices import chosen

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


def _letter(key: str, *texts: str, kind: str = REPLY) -> Letter:
    choices = [{"title": text, "text": text} for text in texts]
    return Letter(
        key, "sms", "sms:a", kind, "words", {"choices": choices},
        id=1, state=State.SENT, attempts=1, created_at=NOON, next_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["2", " 2 ", "2.", "2)", "#2", "No. 2", "option 2", "number 2"])
def test_a_number_is_a_choice_however_it_is_written(text: str) -> None:
    assert chosen(text, [_letter("reply/1/1", "hours", "fees")]) == "fees"


@pytest.mark.parametrize("text", ["0", "3", "22", "2 pm", "two", "at 2", "2 or 3", "", "²"])
def test_any_other_text_is_left_as_it_is(text: str) -> None:
    assert chosen(text, [_letter("reply/1/1", "hours", "fees")]) == text


def test_choices_under_an_earlier_part_of_the_latest_reply_count() -> None:
    letters = [_letter("reply/2/2"), _letter("reply/2/1", "hours"), _letter("reply/1/1", "old")]
    assert chosen("1", letters) == "hours"


def test_choices_of_an_earlier_reply_count_no_more() -> None:
    offer = _letter("offer", "suits me", kind="booking_proposed")
    assert chosen("1", [_letter("reply/2/1"), _letter("reply/1/1", "old")]) == "1"
    assert chosen("1", [_letter("reply/2/1"), offer]) == "1"
    assert chosen("1", [offer, _letter("reply/2/1")]) == "suits me"
