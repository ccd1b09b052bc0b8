from __future__ import annotations

import pytest

from bot.guard.opt_out import Keyword, keyword, may_be_about_a_visit


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("STOP", Keyword.STOP),
        (" stop \n", Keyword.STOP),
        ("Stop.", Keyword.STOP),
        ("StopAll", Keyword.STOP),
        ("unsubscribe!", Keyword.STOP),
        ("CANCEL", Keyword.STOP),
        ("End", Keyword.STOP),
        ("quit", Keyword.STOP),
        ("ARRET", Keyword.STOP),
        ("Arrêt", Keyword.STOP),
        ("start", Keyword.START),
        ("YES", Keyword.START),
        ("unstop", Keyword.START),
        ("HELP", Keyword.HELP),
        ("info", Keyword.HELP),
        ("Aide!", Keyword.HELP),
        ("privacy", Keyword.PRIVACY),
        ("", None),
        # Phone companies take a word for itself only; these are about a visit.
        ("Cancel.", None),
        ("cancel my visit", None),
        ("please stop", None),
        ("stop the pain", None),
        ("does the pain stop?", None),
        ("help me", None),
        ("Help?", None),
    ],
)
def test_a_keyword_is_the_whole_message(text: str, meant: Keyword | None) -> None:
    assert keyword(text) is meant


def test_what_twilio_says_counts_first() -> None:
    assert keyword("adios", "STOP") is Keyword.STOP
    assert keyword("hola", "START") is Keyword.START
    assert keyword("stop", "SOMETHING") is Keyword.STOP


def test_a_word_that_may_have_meant_a_visit() -> None:
    assert may_be_about_a_visit(" Cancel ")
    assert not may_be_about_a_visit("STOP")
