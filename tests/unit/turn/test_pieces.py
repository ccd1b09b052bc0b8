from __future__ import annotations

import pytest

from bot.turn.pieces import LOOKED_AT, MAX_PIECES, Kind, pieces

Q, F, S = Kind.QUESTION, Kind.FRAGMENT, Kind.STATEMENT


def _cut(text: str) -> list[tuple[str, Kind]]:
    return [(piece.text, piece.kind) for piece in pieces(text)]


@pytest.mark.parametrize(
    "text",
    [
        "is it far and are there stairs",
        "Is it far? Are there stairs?",
        "is it far, and also are there stairs",
        "is it far n r there stairs",
        "is it far\nare there stairs",
        "is it far + are there stairs",
        "is it far are there stairs",
        "hi, is it far; are there stairs please",
        "is it far - are there stairs",
        "is it far as well as are there stairs",
        "is it far also are there stairs",
        "could you tell me is it far, and I'd like to know are there stairs",
    ],
)
def test_two_questions_are_cut_however_they_are_joined(text: str) -> None:
    assert _cut(text) == [("is it far", Q), ("are there stairs", Q)]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("what time do you start how far is it", ["what time do you start", "how far is it"]),
        ("where are you what's the price", ["where are you", "what's the price"]),
        ("can they do it how much for two", ["can they do it", "how much for two"]),
    ],
)
def test_a_question_begins_with_the_verb_before_its_subject(text: str, cut: list[str]) -> None:
    assert [piece.text for piece in pieces(text)] == cut


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "...",
        "hello",
        "ok, thanks!",
        "how far is it",
        "hi, can you tell me how far is it",
        "what do i do if it rains",
        "is it this door or is it that one",
        "tell me about acupuncture and prices",
        "do you also sell soap",
        "i'd also like to know how far is it",
        "it rained and we got wet",
        "疼吗,多少钱",
        "and and and",
    ],
)
def test_what_is_one_piece_or_asks_nothing_is_not_cut(text: str) -> None:
    assert pieces(text) == []


def test_a_word_that_shares_the_question_before_is_a_fragment() -> None:
    assert _cut("is it warm and dry") == [("is it warm", Q), ("dry", F)]
    assert _cut("wool and acupuncture, dry?") == [("wool", F), ("dry", F)]


def test_a_word_with_a_mark_of_its_own_is_a_question() -> None:
    assert _cut("Is it warm? Dry?") == [("is it warm", Q), ("dry", Q)]


def test_statements_in_a_row_are_the_story_of_the_question_after_them() -> None:
    told = "i have a dog, two cats, a bird"
    found = pieces("i have a dog, two cats and a bird. are they welcome, and is it far")
    assert [(piece.text, piece.kind, piece.story) for piece in found] == [
        (told, S, ""),
        ("are they welcome", Q, told),
        ("is it far", Q, ""),
    ]


def test_a_request_asks_without_a_question() -> None:
    assert _cut("please move my desk, and is it far") == [("move my desk", Q), ("is it far", Q)]


def test_a_condition_belongs_to_the_question_after_it() -> None:
    assert _cut("if it rains, is it far") == []
    assert _cut("if it rains, is it far? are there stairs") == [
        ("if it rains, is it far", Q),
        ("are there stairs", Q),
    ]
    assert _cut("is it far, and if it rains") == [("is it far", Q), ("if it rains", Q)]


def test_a_list_of_questions_is_not_taken_apart() -> None:
    assert len(pieces(" and ".join(["are you far"] * MAX_PIECES))) == MAX_PIECES
    assert pieces(" and ".join(["are you far"] * (MAX_PIECES + 1))) == []


def test_only_the_beginning_of_a_long_message_is_looked_at() -> None:
    assert pieces("is it far " + "x" * LOOKED_AT + " and are there stairs") == []


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (
            "i'd like to know more about wool as well as your colours",
            ["more about wool", "your colours"],
        ),
        ("besides the colour, i'd like to know how far it is", ["the colour", "how far it is"]),
        ("apart from wool, is it dry", ["wool", "is it dry"]),
        ("just wondering about wool, and the colours", ["about wool", "the colours"]),
    ],
)
def test_a_wish_to_know_asks_whatever_follows(text: str, cut: list[str]) -> None:
    assert [piece.text for piece in pieces(text)] == cut
    assert pieces(text)[0].kind is Q


def test_a_list_of_bare_words_asks_for_each() -> None:
    assert _cut("colours and wool?") == [("colours", Q), ("wool", Q)]
    assert _cut("colours and wool, dry?") == [("colours", F), ("wool", F), ("dry", F)]
    assert _cut("colours and wool") == []
