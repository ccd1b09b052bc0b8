from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.continuing import CODE, MASK, CodeLetters, PhoneCode
from bot.continuing.letters import CodeOver
from bot.outbox import Letter, Outgoing, State
from bot.staff.seal import Seal

NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
END = NOON + timedelta(minutes=10)
ASKED = PhoneCode("web:a", "+17805550134", "p", None, "c", NOON, END)


def _letters(now: datetime = NOON, secret: str = "s" * 32) -> CodeLetters:
    return CodeLetters(Seal(secret, "test"), f"{MASK} is your code.", lambda: now)


def _kept(outgoing: Outgoing) -> Letter:
    kept: dict[str, Any] = {
        "id": 1,
        "state": State.PENDING,
        "attempts": 1,
        "created_at": NOON,
        "next_at": NOON,
    }
    return Letter(**vars(outgoing), **kept)


def test_only_the_sender_sees_the_code() -> None:
    outgoing = _letters().letter("482913", ASKED)
    assert "482913" not in str(outgoing)
    assert (outgoing.kind, outgoing.conversation_id) == (CODE, "sms:+17805550134")
    opened = _letters().opened(_kept(outgoing))
    assert (opened.body, opened.detail) == ("482913 is your code.", {})


def test_each_letter_has_a_key_of_its_own_that_names_no_chat() -> None:
    first, second = (_letters().letter("482913", ASKED).idempotency_key for _ in range(2))
    start = _letters().key_of("web:a")
    assert first != second
    assert first.startswith(start) and second.startswith(start)
    assert "web:a" not in first


def test_a_code_that_is_over_is_not_sent() -> None:
    letter = _kept(_letters().letter("482913", ASKED))
    with pytest.raises(CodeOver):
        _letters(END).opened(letter)
    with pytest.raises(CodeOver):
        _letters().opened(replace(letter, detail={}))
    with pytest.raises(CodeOver):
        _letters(secret="t" * 32).opened(letter)


def test_any_other_letter_is_sent_as_it_is() -> None:
    letter = _kept(Outgoing("reply/1/1", "sms", "sms:+17805550134", "reply", f"{MASK} stars"))
    assert _letters(END).opened(letter) is letter
