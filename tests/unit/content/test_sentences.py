from __future__ import annotations

import pytest

from bot.content.card import AnswerCard
from bot.content.sentences import sentences, spoken

from .conftest import make_card


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Costs {fees}.\nCall {phone}.", ["Costs {fees}.", "Call {phone}."]),
        ("A line without an end\nanother", ["A line without an end", "another"]),
        ("About 1.01 in 10,000 (NG59) did.", ["About 1.01 in 10,000 (NG59) did."]),
        ("  Spaced\tout. \n\n  Yes. ", ["Spaced out.", "Yes."]),
        ("", []),
    ],
)
def test_a_wording_is_cut_into_sentences(text: str, found: list[str]) -> None:
    assert list(sentences(text)) == found


def test_each_sentence_is_listed_once_with_the_wordings_that_say_it() -> None:
    card = AnswerCard(
        **make_card(
            "clinic/hours",
            web="Hello. Open {hours}. Hello.",
            sms="Hello.",
            unset={"hours": "Call {phone}."},
        )
    )

    assert spoken(card) == {
        "Hello.": ("web", "sms"),
        "Open {hours}.": ("web",),
        "Call {phone}.": ("unset",),
    }
